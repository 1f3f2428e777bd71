package io.davylamp.profile.view;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The hottest methods: of each self, total and their samples.
 *
 * @param rows how many are answered
 * @param order what they are sorted by
 * @param compare what is compared with a baseline; null for what fits best
 */
public record HotView(int rows, HotMethods.Order order, Comparison.By compare) implements View {
    /**
     * The answer.
     *
     * @param rows how many methods there are, answered or not
     * @param baselineTotal null without a baseline
     */
    public record Hot(
            String measure, String unit, long total, Long baselineTotal, Facts facts, int rows, List<Method> methods)
            implements Answer {}

    /**
     * One method.
     *
     * @param instances how many of the merged profiles have it
     * @param baselineSelf null without a baseline, as all that begins so
     */
    public record Method(
            String name,
            String kind,
            long self,
            long total,
            long selfSamples,
            long totalSamples,
            Long baselineSelf,
            Long baselineTotal,
            Long baselineSelfSamples,
            Long baselineTotalSamples,
            int instances) {}

    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        return new HotView(limits.rows(parameters), order(parameters.one("sort")), Comparison.By.of(parameters));
    }

    private static HotMethods.Order order(String sort) {
        return Arrays.stream(HotMethods.Order.values())
                .filter(each ->
                        sort == null || each.name().toLowerCase(Locale.ROOT).equals(sort))
                .findFirst()
                .orElseThrow(() -> new InvalidQueryException(
                        "sort", "sort \"" + sort + "\" is unknown; known are self, total, change"));
    }

    @Override
    public Hot answer(Query query, Profiles profiles) throws IOException {
        Merged merged = profiles.merged(query);
        FrameTree tree = merged.tree();
        boolean compared = tree.sides() > 1;
        Facts facts = merged.facts(profiles, query, compare);
        List<HotMethods.Row> all = HotMethods.of(tree, order, compared ? facts.scale() : 1);
        UnaryOperator<HotMethods.Row> samples = samples(query, profiles, facts, compared);
        List<Method> methods = all.subList(0, Math.min(rows, all.size())).stream()
                .map(row -> method(row, samples.apply(row), compared))
                .toList();
        return new Hot(
                tree.measure().name(),
                tree.measure().unit().word(),
                tree.total(),
                compared ? tree.total(1, 0) : null,
                facts,
                all.size(),
                methods);
    }

    private static Method method(HotMethods.Row row, HotMethods.Row samples, boolean compared) {
        return new Method(
                row.name(),
                row.kind().word(),
                row.self(),
                row.total(),
                samples.self(),
                samples.total(),
                compared ? row.baselineSelf() : null,
                compared ? row.baselineTotal() : null,
                compared ? samples.baselineSelf() : null,
                compared ? samples.baselineTotal() : null,
                row.instances());
    }

    /** The samples behind each row: by the interval where all samples are worth the same, else by a second tree that counts them. */
    private static UnaryOperator<HotMethods.Row> samples(Query query, Profiles profiles, Facts facts, boolean compared)
            throws IOException {
        if (query.count()) {
            return row -> row;
        }
        Long own = facts.intervalNanos();
        Long baseline = compared ? facts.baselineIntervalNanos() : own;
        if (own != null && baseline != null) {
            return row -> new HotMethods.Row(
                    row.name(),
                    row.kind(),
                    row.self() / own,
                    row.total() / own,
                    row.baselineSelf() / baseline,
                    row.baselineTotal() / baseline,
                    row.instances());
        }
        Map<String, HotMethods.Row> counted = new HashMap<>();
        for (HotMethods.Row row : HotMethods.of(profiles.merged(query.counted()).tree())) {
            counted.put(row.name(), row);
        }
        // Samples that are worth nothing are no nodes: what has a value has samples.
        return row -> counted.getOrDefault(row.name(), row);
    }
}
