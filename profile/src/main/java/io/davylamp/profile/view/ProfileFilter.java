package io.davylamp.profile.view;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which samples a view counts, and which of their frames it shows. Null or empty accepts all. Immutable.
 *
 * @param from first moment, inclusive
 * @param to last moment, exclusive
 * @param threads names of threads
 * @param states words of thread states, lower case without {@code STATE_}: {@code runnable}, {@code sleeping}, ...
 * @param virtual whether threads are virtual
 * @param include stacks must have such a frame; frames are matched as {@code pkg.Class.method}
 * @param exclude stacks must have no such frame
 * @param root stacks begin at their outermost such frame; those without are left out
 * @param leaf stacks end at their outermost such frame, which takes over what is above it in a flame graph
 * @param hide such frames are left out of stacks; their callers take over what they used themselves
 * @param min smallest value of a sample, in the measure's unit: "at least this long"
 * @param span tags: samples must lie in such a span of their own thread
 * @param spanMinNanos shortest span that counts for {@code span}
 * @param labels what labels an instance must have
 * @param overhead what becomes of the profiler's own samples
 * @param idle what becomes of threads that only waited
 */
public record ProfileFilter(
        Moment from,
        Moment to,
        NamePattern threads,
        Set<String> states,
        Boolean virtual,
        NamePattern include,
        NamePattern exclude,
        NamePattern root,
        NamePattern leaf,
        NamePattern hide,
        long min,
        NamePattern span,
        long spanMinNanos,
        LabelFilter labels,
        Overhead overhead,
        Idle idle) {

    public static final ProfileFilter ALL = of(name -> null);

    /** The parameters that {@link #of} asks for. */
    public static final List<String> PARAMETERS =
            Vocabulary.names(Vocabulary.all().filters());

    /**
     * A filter of parameters by name, which answer null when they are not given.
     *
     * @throws InvalidQueryException naming the parameter that is wrong
     */
    public static ProfileFilter of(Function<String, String> parameters) {
        return new ProfileFilter(
                moment("from", parameters),
                moment("to", parameters),
                pattern("threads", parameters),
                states(parameters.apply("states")),
                virtual(parameters.apply("virtual")),
                pattern("include", parameters),
                pattern("exclude", parameters),
                pattern("root", parameters),
                pattern("leaf", parameters),
                pattern("hide", parameters),
                min(parameters.apply("min")),
                pattern("span", parameters),
                Moment.duration("span-min", parameters.apply("span-min")),
                LabelFilter.of(parameters.apply("label")),
                Overhead.of(parameters.apply("overhead")),
                Idle.of(parameters.apply("idle")));
    }

    /** The same with other words on the profiler's own samples, and on threads that only waited. */
    public ProfileFilter with(Overhead otherOverhead, Idle otherIdle) {
        return new ProfileFilter(
                from,
                to,
                threads,
                states,
                virtual,
                include,
                exclude,
                root,
                leaf,
                hide,
                min,
                span,
                spanMinNanos,
                labels,
                otherOverhead,
                otherIdle);
    }

    /** The same with another word on the profiler's own samples. */
    public ProfileFilter with(Overhead other) {
        return with(other, idle);
    }

    /** Whether a profile counts at all, because of what is known of its instance. */
    boolean accepts(ProfileSource source) {
        return labels.accepts(source.labels());
    }

    private static Moment moment(String name, Function<String, String> parameters) {
        String text = parameters.apply(name);
        return text == null ? null : Moment.of(name, text);
    }

    private static NamePattern pattern(String name, Function<String, String> parameters) {
        String text = parameters.apply(name);
        return text == null ? null : NamePattern.of(name, text);
    }

    private static Set<String> states(String text) {
        return text == null
                ? Set.of()
                : Arrays.stream(text.split(","))
                        .map(ProfileFilter::stateWord)
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** A state as people write it: {@code runnable} for {@code STATE_RUNNABLE}. */
    static String stateWord(String name) {
        String word = name.strip().toLowerCase(Locale.ROOT);
        return word.startsWith("state_") ? word.substring("state_".length()) : word;
    }

    private static Boolean virtual(String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new InvalidQueryException("virtual", "virtual \"" + text + "\" is neither true nor false");
        };
    }

    private static long min(String text) {
        if (text == null) {
            return Long.MIN_VALUE;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return Moment.duration("min", text);
        }
    }
}
