package io.davylamp.profile.view;

import java.io.IOException;
import java.util.List;

/**
 * Who called a method, each sample counted once.
 *
 * @param method its whole name
 * @param nodes budget of nodes; {@link ViewLimits#ALL_NODES} for all
 * @param most how many nodes may be made when all are asked for
 * @param path names from a child of the root on: only what is below
 * @param compare what is compared with a baseline; null for what fits best
 */
public record CallersView(String method, int nodes, int most, List<String> path, Comparison.By compare)
        implements View {
    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        int nodes = limits.nodes(parameters, whole);
        return new CallersView(
                requireMethod(parameters),
                nodes,
                limits.exportNodes(),
                parameters.all("path"),
                Comparison.By.of(parameters));
    }

    static String requireMethod(Parameters parameters) {
        String method = parameters.one("method");
        if (method == null || method.isEmpty()) {
            throw new InvalidQueryException("method", "method is missing: a name such as java.util.HashMap.get");
        }
        return method;
    }

    @Override
    public TreeAnswer answer(Query query, Profiles profiles) throws IOException {
        Merged merged = profiles.merged(query);
        Facts facts = merged.facts(profiles, query, compare);
        FrameTree callers = Inverted.callers(merged.tree(), method, Math.min(nodes, most), path);
        return new TreeAnswer(InvertedView.requireWhole(callers, nodes), facts);
    }
}
