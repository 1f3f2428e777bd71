package io.davylamp.profile.view;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of views, by their words; each makes a {@link View} from parameters. */
public enum ViewKind {
    FLAME(FlameView::of),
    CALLERS(CallersView::of),
    CALLEES(CalleesView::of),
    HOT(HotView::of),
    TIMELINE(TimelineView::of),
    THREADS(ThreadsView::of),
    FINDINGS(FindingsView::of),
    INFO(InfoView::of);

    private interface Parser {
        View of(Parameters parameters, ViewLimits limits, boolean whole);
    }

    private final Parser parser;
    private final List<String> words;

    ViewKind(Parser parser) {
        this.parser = parser;
        this.words = Vocabulary.all().wordsOf(word());
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The view of that word; null if there is none. */
    public static ViewKind of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElse(null);
    }

    /** Whether it is a tree, which can be written in many formats; the others are tables. */
    public boolean isTree() {
        return words.contains("format");
    }

    /** The names that this view knows and others do not. */
    public List<String> words() {
        return words;
    }

    /** All names that this view knows. */
    public List<String> parameters() {
        return Stream.of(
                        words.stream(),
                        Query.PARAMETERS.stream(),
                        ProfileFilter.PARAMETERS.stream().map(name -> Query.BASELINE + name))
                .flatMap(names -> names)
                .toList();
    }

    /** @throws InvalidQueryException if a parameter has a name that this view does not know */
    public void requireKnown(Parameters parameters) {
        for (String name : parameters.names()) {
            if (!parameters().contains(name)) {
                throw new InvalidQueryException(
                        name,
                        "\"" + name + "\" is no parameter of " + word() + "; known are "
                                + String.join(", ", parameters()));
            }
        }
    }

    /**
     * The view that parameters ask for.
     *
     * @param whole whether all nodes of a tree are answered unless somebody asks for fewer
     * @throws InvalidQueryException naming the first parameter that is wrong, before any profile is read
     */
    public View view(Parameters parameters, ViewLimits limits, boolean whole) {
        return parser.of(parameters, limits, whole);
    }
}
