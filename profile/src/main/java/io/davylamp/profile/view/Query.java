package io.davylamp.profile.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is asked of a set of profiles, whatever the view. Immutable.
 *
 * @param measure name; null for the first there is
 * @param filter which samples count
 * @param detail at which level frames are equal
 * @param by what stands above the stacks, outermost first
 * @param count whether each sample of the profiler counts 1, instead of its value
 * @param rawNames classes as each JVM named them, instead of normalised
 * @param bareSymbols native code by its symbol alone, without its library
 */
public record Query(
        String measure,
        ProfileFilter filter,
        Detail detail,
        List<Group> by,
        boolean count,
        boolean rawNames,
        boolean bareSymbols) {

    private static final List<String> OWN_PARAMETERS =
            List.of("measure", "detail", "by", "count", "raw-names", "bare-symbols");

    /** The parameters that {@link #of} asks for. */
    public static final List<String> PARAMETERS = Stream.concat(
                    OWN_PARAMETERS.stream(), ProfileFilter.PARAMETERS.stream())
            .toList();

    /**
     * A query of parameters by name, which answer null when they are not given.
     *
     * @throws InvalidQueryException naming the parameter that is wrong
     */
    public static Query of(Function<String, String> parameters) {
        String detail = parameters.apply("detail");
        return new Query(
                parameters.apply("measure"),
                ProfileFilter.of(parameters),
                detail == null ? Detail.METHOD : Detail.of(detail),
                Group.listOf("by", parameters.apply("by")),
                flag("count", parameters),
                flag("raw-names", parameters),
                flag("bare-symbols", parameters));
    }

    /** The same question, asked for the number of samples. */
    public Query counted() {
        return new Query(measure, filter, detail, by, true, rawNames, bareSymbols);
    }

    /** The same with another word on the profiler's own samples. */
    public Query with(Overhead overhead) {
        return new Query(measure, filter.with(overhead), detail, by, count, rawNames, bareSymbols);
    }

    Naming naming() {
        return new Naming(detail, rawNames, bareSymbols);
    }

    /** @throws InvalidQueryException if the parameter is neither {@code true} nor {@code false} nor absent */
    public static boolean flag(String name, Function<String, String> parameters) {
        String text = parameters.apply(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.isEmpty() || text.equals("true")) {
            return true;
        }
        throw new InvalidQueryException(name, name + " \"" + text + "\" is neither true nor false");
    }

    /** A number within bounds. */
    public static int number(String name, Function<String, String> parameters, int otherwise, int min, int max) {
        String text = parameters.apply(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the bounds
        }
        throw new InvalidQueryException(name, name + " " + text + " is outside of " + min + " to " + max);
    }
}
