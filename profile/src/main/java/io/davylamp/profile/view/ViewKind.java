package io.davylamp.profile.view;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of views, by their words; each makes a {@link View} from parameters. */
public enum ViewKind {
    FLAME,
    CALLERS,
    CALLEES,
    HOT,
    TIMELINE,
    THREADS,
    FINDINGS,
    INFO;

    private final List<String> words;

    ViewKind() {
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
        List<String> names = new ArrayList<>(words);
        names.addAll(Query.PARAMETERS);
        for (String name : ProfileFilter.PARAMETERS) {
            names.add(Query.BASELINE + name);
        }
        return names;
    }

    /** @throws InvalidQueryException if a parameter has a name that this view does not know */
    public void requireKnown(Parameters parameters) {
        List<String> known = parameters();
        for (String name : parameters.names()) {
            if (!known.contains(name)) {
                throw new InvalidQueryException(
                        name,
                        "\"" + name + "\" is no parameter of " + word() + "; known are " + String.join(", ", known));
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
        // A switch loads the class of the one view that is asked for.
        return switch (this) {
            case FLAME -> FlameView.of(parameters, limits, whole);
            case CALLERS -> CallersView.of(parameters, limits, whole);
            case CALLEES -> CalleesView.of(parameters, limits, whole);
            case HOT -> HotView.of(parameters, limits, whole);
            case TIMELINE -> TimelineView.of(parameters, limits, whole);
            case THREADS -> ThreadsView.of(parameters, limits, whole);
            case FINDINGS -> FindingsView.of(parameters, limits, whole);
            case INFO -> InfoView.of(parameters, limits, whole);
        };
    }
}
