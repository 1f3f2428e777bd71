package io.davylamp.server.rest;

import io.davylamp.profile.export.Format;
import io.davylamp.profile.vocabulary.Vocabulary;
import io.davylamp.profile.vocabulary.Vocabulary.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The description of REST: {@code openapi.yaml}, in which the words of views are those of the {@link Vocabulary}. */
public final class OpenApi {
    private static final String RESOURCE = "/io/davylamp/server/openapi.yaml";
    /** Where the names of all views stand. */
    private static final String VIEWS = "[VIEWS]";
    /** Where a view lists its parameters, and where those of all views are listed. */
    private static final String OF_VIEWS = "      # the words of views\n";

    private static final String OF_QUERIES = "      # the words of queries\n";
    /** Where the parameters are described. */
    private static final String PARAMETERS = "    # the words of views, each once\n";

    private OpenApi() {}

    public static String text() {
        List<Word> ofQueries = new ArrayList<>(Vocabulary.all().query());
        ofQueries.addAll(Vocabulary.all().filters());
        List<Word> ofViews = new ArrayList<>(Vocabulary.all().words());
        ofViews.addAll(ofQueries);
        String parameters = ofViews.stream().map(OpenApi::parameter).collect(Collectors.joining());
        String views = Vocabulary.names(Vocabulary.all().views()).stream().collect(Collectors.joining(", ", "[", "]"));
        return template()
                .replace(VIEWS, views)
                .replace(OF_VIEWS, references(ofViews))
                .replace(OF_QUERIES, references(ofQueries))
                .replace(PARAMETERS, parameters);
    }

    private static String references(List<Word> words) {
        return words.stream()
                .map(word -> "      - {$ref: \"#/components/parameters/" + key(word) + "\"}\n")
                .collect(Collectors.joining());
    }

    private static String key(Word word) {
        StringBuilder key = new StringBuilder("View");
        for (String part : word.word().split("-")) {
            key.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return key.toString();
    }

    private static String parameter(Word word) {
        String views = Vocabulary.all().views().stream()
                .filter(view -> view.words().contains(word.word()))
                .map(Word::word)
                .collect(Collectors.joining(", "));
        String meaning = word.meaning()
                + (word.word().equals("format") ? ": " + formats() : "")
                + (views.isEmpty() ? "" : " (" + views + ")");
        String schema = word.isFlag()
                ? "{type: boolean}"
                : word.repeated() ? "{type: array, items: {type: string}}" : "{type: string}";
        return "    " + key(word) + ": {name: " + word.word() + ", in: query, description: \""
                + meaning.replace("\"", "\\\"") + "\", schema: " + schema + "}\n";
    }

    private static String formats() {
        return Arrays.stream(Format.values())
                .map(format -> format.word() + " (" + format.meaning() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String template() {
        try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
