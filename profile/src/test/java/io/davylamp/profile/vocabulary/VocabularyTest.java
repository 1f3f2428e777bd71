package io.davylamp.profile.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.Measure;
import io.davylamp.profile.export.Format;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileFilter;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.View;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is a word of the vocabulary is understood, shown and documented, and nothing else is. */
class VocabularyTest {
    private static final Vocabulary WORDS = Vocabulary.all();
    private static final Path PAGE = Path.of("../ui/src/lib/vocabulary.ts");
    private static final Path REFERENCE = Path.of("../docs/reference");
    private static final ViewLimits LIMITS = new ViewLimits(100, 100, 100);

    /** A value of each word that differs from what holds without it. */
    private static final Map<String, String> SAMPLES = samples();

    private static Map<String, String> samples() {
        Map<String, String> samples = new HashMap<>(Map.of(
                "measure", "cpu",
                "detail", "class",
                "by", "thread",
                "from", "1s",
                "to", "2s",
                "states", "runnable",
                "virtual", "true",
                "min", "5",
                "span-min", "1s",
                "overhead", "hide"));
        samples.put("label", "zone=a");
        samples.put("idle", "hide");
        samples.putAll(Map.of(
                "nodes", "7",
                "path", "p.A.a",
                "order", "time",
                "compare", "rate",
                "normalised", "true",
                "method", "p.A.a",
                "limit", "7",
                "sort", "total",
                "cells", "7",
                "cell", "20ms"));
        Stream.of(WORDS.query(), WORDS.filters(), WORDS.words())
                .flatMap(List::stream)
                .forEach(word -> samples.putIfAbsent(word.word(), word.isFlag() ? "true" : "x"));
        return samples;
    }

    private static Query query(String word) {
        return Query.of(name -> name.equals(word) ? SAMPLES.get(word.replace(Query.BASELINE, "")) : null);
    }

    /** The names of the components in which two records differ. */
    private static Set<String> differences(Record one, Record other) {
        return Arrays.stream(one.getClass().getRecordComponents())
                .filter(component -> !valueOf(component, one).equals(valueOf(component, other)))
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String valueOf(RecordComponent component, Record record) {
        try {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(record);
            return value + " " + (value == null ? 0 : value.hashCode());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> components(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachWordOfAFilterSetsOneComponentAndEachComponentHasAWord() {
        Set<String> set = new TreeSet<>();
        for (Vocabulary.Word word : WORDS.filters()) {
            Set<String> components =
                    differences(ProfileFilter.ALL, query(word.word()).filter());
            assertThat(components).as(word.word()).hasSize(1);
            set.addAll(components);
        }

        assertThat(set).isEqualTo(components(ProfileFilter.class));
    }

    @Test
    void eachWordOfAQuerySetsOneComponentAndEachComponentHasAWord() {
        Query nothing = query("");
        Set<String> set = new TreeSet<>();
        for (Vocabulary.Word word : WORDS.query()) {
            Set<String> components = differences(nothing, query(word.word()));
            assertThat(components).as(word.word()).hasSize(1);
            set.addAll(components);
        }
        for (Vocabulary.Word word : WORDS.filters()) {
            assertThat(differences(nothing, query(word.word()))).as(word.word()).containsExactly("baseline", "filter");
            assertThat(differences(nothing, query(Query.BASELINE + word.word())))
                    .as("of the baseline: " + word.word())
                    .containsExactly("baseline");
        }
        set.addAll(Set.of("filter", "baseline"));

        assertThat(set).isEqualTo(components(Query.class));
    }

    @Test
    void eachWordOfAViewSetsAComponentAndEachComponentHasAWord() {
        Map<Class<?>, Set<String>> set = new HashMap<>();
        for (ViewKind kind : ViewKind.values()) {
            View plain = view(kind, Map.of());
            for (String word : kind.words()) {
                View view = view(kind, Map.of(word, SAMPLES.get(word)));
                if (view.getClass() != plain.getClass()) {
                    continue; // another view is its meaning
                }
                Set<String> components = differences((Record) plain, (Record) view);
                // What is written differs, not what is computed; callers have no meaning without a method.
                boolean isElsewhere = word.equals("format") || word.equals("method");
                assertThat(components).as("%s of %s", word, kind.word()).hasSize(isElsewhere ? 0 : 1);
                set.computeIfAbsent(plain.getClass(), type -> new TreeSet<>()).addAll(components);
            }
        }
        // Reversed and in the order of time it is asked with the words of the flame graph.
        for (String turned : List.of("reversed", "order")) {
            View plain = view(ViewKind.FLAME, Map.of(turned, SAMPLES.get(turned)));
            for (String word : ViewKind.FLAME.words()) {
                if (turned.equals("reversed") && !word.equals("order") || word.equals("nodes")) {
                    View view = view(
                            ViewKind.FLAME,
                            word.equals(turned)
                                    ? Map.of(word, SAMPLES.get(word))
                                    : Map.of(turned, SAMPLES.get(turned), word, SAMPLES.get(word)));
                    set.computeIfAbsent(plain.getClass(), type -> new TreeSet<>())
                            .addAll(differences((Record) plain, (Record) view));
                }
            }
        }
        for (Class<?> view : View.class.getPermittedSubclasses()) {
            Set<String> expected = components(view);
            // Of the server's limits; of a method that must be given.
            expected.removeAll(Set.of("most", "method"));
            assertThat(set.getOrDefault(view, Set.of()))
                    .as(view.getSimpleName())
                    .isEqualTo(expected);
        }
    }

    private static View view(ViewKind kind, Map<String, String> words) {
        Map<String, List<String>> all = new HashMap<>();
        words.forEach((word, value) -> all.put(word, List.of(value)));
        if (kind.words().contains("method")) {
            all.putIfAbsent("method", List.of(SAMPLES.get("method")));
        }
        return kind.view(new Parameters(all), LIMITS, true);
    }

    @Test
    void theWordsOfTheCodeAreThoseOfTheVocabulary() throws IllegalAccessException {
        assertThat(Vocabulary.names(WORDS.views()))
                .containsExactlyElementsOf(
                        Arrays.stream(ViewKind.values()).map(ViewKind::word).toList());
        assertThat(WORDS.views().stream().flatMap(view -> view.words().stream()).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(Vocabulary.names(WORDS.words())));
        for (Field field : Measure.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == Measure.class) {
                assertThat(Vocabulary.names(WORDS.measures())).contains(((Measure) field.get(null)).name());
            }
        }
    }

    @Test
    void theReferenceHasARowForEachWordAndForNoOther() throws IOException {
        String views = Files.readString(REFERENCE.resolve("views.md"));
        assertThat(rows(views, "word"))
                .isEqualTo(Stream.of(WORDS.query(), WORDS.filters())
                        .flatMap(words -> Vocabulary.names(words).stream())
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(rows(views, "view")).isEqualTo(new TreeSet<>(Vocabulary.names(WORDS.views())));
        for (Vocabulary.Word word : WORDS.words()) {
            assertThat(views).contains("`" + word.word());
        }
        assertThat(rows(Files.readString(REFERENCE.resolve("measures.md")), "measure"))
                .containsAll(Vocabulary.names(WORDS.measures()));
        assertThat(rows(Files.readString(REFERENCE.resolve("../formats/exports.md")), "`format`"))
                .isEqualTo(new TreeSet<>(formats()));
    }

    /** The words in the first column of the table with such a head. */
    private static Set<String> rows(String markdown, String head) {
        Set<String> rows = new TreeSet<>();
        markdown.lines()
                .dropWhile(line -> !line.startsWith("| " + head + " |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|")[1])
                .flatMap(cell -> Arrays.stream(cell.split("`")))
                .filter(text -> text.matches("[a-z][a-z-]*"))
                .forEach(rows::add);
        return rows;
    }

    /** With {@code -Dvocabulary.update} it writes the page's words instead. */
    @Test
    void thePageHasTheSameWords() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("vocabulary.update")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    private static String page() {
        return """
                // Made by VocabularyTest from vocabulary.json in the module profile. Change that file, then run:
                // mvn -pl profile -am test -Dtest=VocabularyTest -Dvocabulary.update -Dsurefire.failIfNoSpecifiedTests=false

                /** What is asked of all views, but for filters. */
                export const QUERY = [%s];

                /** Which samples count. */
                export const FILTERS = [%s];

                /** Filters that a person may set, with what they are called on the page. */
                export const OFFERED: { word: string; label: string; hint: string }[] = [
                %s
                ];

                /** Which recordings. */
                export const SELECTORS = [%s];

                /** Forms of a tree for other programs. */
                export const EXPORTS = [%s];
                """.formatted(
                        quoted(Vocabulary.names(WORDS.query())),
                        quoted(Vocabulary.names(WORDS.filters())),
                        WORDS.filters().stream()
                                .filter(word -> word.label() != null)
                                .map(word -> "  { word: \"%s\", label: \"%s\", hint: \"%s\" },"
                                        .formatted(word.word(), word.label(), word.hint()))
                                .collect(Collectors.joining("\n")),
                        quoted(Vocabulary.names(WORDS.selectors())),
                        quoted(formats().stream()
                                .filter(word -> !word.equals("columns"))
                                .toList()));
    }

    private static List<String> formats() {
        return Arrays.stream(Format.values()).map(Format::word).toList();
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(", "));
    }
}
