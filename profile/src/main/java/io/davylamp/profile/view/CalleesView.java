package io.davylamp.profile.view;

import java.io.IOException;
import java.util.List;

/**
 * What a method called, each sample counted once.
 *
 * @param method its whole name
 * @param nodes budget of nodes; {@link ViewLimits#ALL_NODES} for all
 * @param path names from a child of the root on: only what is below
 * @param compare what is compared with a baseline; null for what fits best
 */
public record CalleesView(String method, int nodes, List<String> path, Comparison.By compare) implements View {
    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        int nodes = limits.nodes(parameters, whole);
        return new CalleesView(
                CallersView.requireMethod(parameters), nodes, parameters.all("path"), Comparison.By.of(parameters));
    }

    @Override
    public TreeAnswer answer(Query query, Profiles profiles) throws IOException {
        Merged merged = profiles.merged(query);
        Facts facts = merged.facts(profiles, query, compare);
        return new TreeAnswer(Callees.of(merged.tree(), method).cut(nodes, path), facts);
    }
}
