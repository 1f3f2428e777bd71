package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import java.io.IOException;
import java.util.List;

/**
 * The stacks of each thread in the order of time: siblings as they came, a frame that is entered again there again.
 *
 * @param nodes budget of nodes; {@link ViewLimits#ALL_NODES} for all
 */
public record TimeOrderView(int nodes) implements View {
    /** Words that have no meaning there. */
    private static final List<String> EXCLUDED =
            List.of("reversed", "fold-recursion", "path", "by", "compare", "normalised");

    static boolean isAskedFor(Parameters parameters) {
        String order = parameters.one("order");
        if (order == null || order.equals("value")) {
            return false;
        }
        if (!order.equals("time")) {
            throw new InvalidQueryException("order", "order \"" + order + "\" is unknown; known are value, time");
        }
        for (String other : parameters.names()) {
            if (EXCLUDED.contains(other) || other.startsWith(Query.BASELINE)) {
                throw new InvalidQueryException(
                        "order",
                        "order=time and " + other + " exclude each other: it shows what came after what, by thread");
            }
        }
        return true;
    }

    @Override
    public TreeAnswer answer(Query query, Profiles profiles) throws IOException {
        FrameTree tree = tree(query, profiles);
        return new TreeAnswer(tree, new Merged(tree, null).facts(profiles, query, null));
    }

    FrameTree tree(Query query, Profiles profiles) throws IOException {
        Measure measure = profiles.counted(profiles.measure(query.measure()), query);
        TimeRange range = profiles.side().range(query.filter());
        // Threads stand beside each other there: a group of some of their stacks has no place.
        ProfileFilter filter =
                query.filter().overhead() == Overhead.GROUP ? query.filter().with(Overhead.KEEP) : query.filter();
        boolean several = profiles.sources().size() > 1;
        TimeOrder order = new TimeOrder(measure, query.naming());
        Loading.forEach(
                profiles.sources(),
                measure,
                range,
                (source, profile) ->
                        order.add(profile, filter, range, query.count(), several ? source.instance() : ""));
        return order.build(nodes);
    }
}
