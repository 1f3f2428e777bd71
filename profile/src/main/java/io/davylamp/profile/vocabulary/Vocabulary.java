package io.davylamp.profile.vocabulary;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All words that questions are put in: of REST, the command line, the page and the docs. They are written once, in
 * {@code vocabulary.json} beside this class, which the page reads too. Immutable.
 *
 * @param query what is asked of all views, but for filters
 * @param filters which samples count
 * @param views ways to look at profiles, with the words that each knows beside those of the query and the filters
 * @param words those words
 * @param selectors which recordings a question is about
 * @param measures those that have a name of their own, in the order people expect
 */
public record Vocabulary(
        List<Word> query,
        List<Word> filters,
        List<Word> views,
        List<Word> words,
        List<Word> selectors,
        List<Word> measures) {
    /**
     * One word.
     *
     * @param value what stands for its value in help; null when there is none but true and false
     * @param repeated whether it may be given more than once
     * @param meaning in help and in the description of REST
     * @param label what a filter is called on the page; null when the page does not offer it in its list of filters
     * @param hint an example of its value
     * @param words of a view: its own
     */
    public record Word(
            String word,
            String value,
            boolean repeated,
            String meaning,
            String label,
            String hint,
            List<String> words) {
        public boolean isFlag() {
            return value == null;
        }
    }

    private static final Vocabulary ALL = read();

    public static Vocabulary all() {
        return ALL;
    }

    private static Vocabulary read() {
        Map<String, List<Word>> lists;
        try (InputStream in =
                Objects.requireNonNull(Vocabulary.class.getResourceAsStream("vocabulary.json"), "vocabulary.json")) {
            lists = VocabularyText.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Vocabulary(
                lists.get("query"),
                lists.get("filters"),
                lists.get("views"),
                lists.get("words"),
                lists.get("selectors"),
                lists.get("measures"));
    }

    public static List<String> names(List<Word> words) {
        List<String> names = new ArrayList<>(words.size());
        for (Word each : words) {
            names.add(each.word());
        }
        return List.copyOf(names);
    }

    /** The words that a view knows and others do not; of a word that is no view there are none. */
    public List<String> wordsOf(String view) {
        for (Word each : views) {
            if (each.word().equals(view)) {
                return each.words();
            }
        }
        return List.of();
    }
}
