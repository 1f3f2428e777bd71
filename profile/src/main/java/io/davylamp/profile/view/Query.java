package io.davylamp.profile.view;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is asked of a set of profiles, whatever the view. Immutable.
 *
 * @param measure name; null for the first there is
 * @param filter which samples count
 * @param baseline which samples of the baseline count, if there is one
 * @param detail at which level frames are equal
 * @param by what stands above the stacks, outermost first
 * @param count whether each sample of the profiler counts 1, instead of its value
 * @param rawNames classes as each JVM named them, instead of normalised
 * @param bareSymbols native code by its symbol alone, without its library
 */
public record Query(
        String measure,
        ProfileFilter filter,
        ProfileFilter baseline,
        Detail detail,
        List<Group> by,
        boolean count,
        boolean rawNames,
        boolean bareSymbols) {

    /** The prefix of filters for the baseline alone; filters without it hold for both sides. */
    public static final String BASELINE = "base-";

    private static final List<String> OWN_PARAMETERS =
            Vocabulary.names(Vocabulary.all().query());

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
                baseline(parameters),
                detail == null ? Detail.METHOD : Detail.of(detail),
                Group.listOf("by", parameters.apply("by")),
                flag("count", parameters),
                flag("raw-names", parameters),
                flag("bare-symbols", parameters));
    }

    /** Returns this query with numbers of samples instead of values. */
    public Query counted() {
        return new Query(measure, filter, baseline, detail, by, true, rawNames, bareSymbols);
    }

    /** Returns this query with another treatment of the profiler's own samples. */
    public Query with(Overhead overhead) {
        return new Query(
                measure, filter.with(overhead), baseline.with(overhead), detail, by, count, rawNames, bareSymbols);
    }

    /** Returns this query without what nobody asks about: the profiler's own samples, and threads that only waited. */
    Query ofWork() {
        return new Query(
                measure,
                filter.with(Overhead.HIDE, Idle.HIDE),
                baseline.with(Overhead.HIDE, Idle.HIDE),
                detail,
                by,
                count,
                rawNames,
                bareSymbols);
    }

    /** Returns this query with a named measure and without parts for comparisons: equal results have equal trees. */
    Query alone(String measureName) {
        return new Query(measureName, filter, filter, detail, by, count, rawNames, bareSymbols);
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

    /** The query's own filter, with what {@code base-} sets for the baseline; the time goes together. */
    private static ProfileFilter baseline(Function<String, String> parameters) {
        for (String name : ProfileFilter.PARAMETERS) {
            String own = parameters.apply(BASELINE + name);
            if (own != null) {
                requireFilter(name, own);
            }
        }
        boolean movesTime = parameters.apply(BASELINE + "from") != null || parameters.apply(BASELINE + "to") != null;
        return ProfileFilter.of(name -> {
            String own = parameters.apply(BASELINE + name);
            boolean isTime = name.equals("from") || name.equals("to");
            return own != null || isTime && movesTime ? own : parameters.apply(name);
        });
    }

    /** Checks a filter of the baseline; errors have the whole name of the parameter. */
    private static void requireFilter(String name, String text) {
        try {
            ProfileFilter.of(each -> each.equals(name) ? text : null);
        } catch (InvalidQueryException e) {
            throw new InvalidQueryException(BASELINE + name, BASELINE + e.getMessage());
        }
    }
}
