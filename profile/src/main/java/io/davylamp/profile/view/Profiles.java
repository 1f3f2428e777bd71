package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Unit;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The profiles that a question is put to, and those that they are compared with: what they can be asked for, and the tree they merge
 * into. Memory holds two profiles for each processor, and the answer. Not thread-safe.
 */
public final class Profiles {
    /** So many labels an error names. */
    private static final int MOST_LABELS = 20;

    private final Side side;
    private final Side baseline;
    private final Merges merges;

    /** @param baseline empty when nothing is compared */
    public Profiles(List<ProfileSource> sources, List<ProfileSource> baseline, Merges merges) {
        this.side = new Side(sources);
        this.baseline = new Side(baseline);
        this.merges = merges;
    }

    /**
     * Those that the filters of a query accept for what is known of their instances.
     *
     * @throws InvalidQueryException if none is left
     */
    public Profiles of(Query query) {
        return new Profiles(
                accepted(side, query.filter(), ""), accepted(baseline, query.baseline(), Query.BASELINE), merges);
    }

    private static List<ProfileSource> accepted(Side of, ProfileFilter filter, String prefix) {
        List<ProfileSource> accepted =
                of.sources().stream().filter(filter::accepts).toList();
        if (accepted.isEmpty() && !of.sources().isEmpty()) {
            throw InvalidQueryException.unknown(
                    prefix + "label",
                    "no instance has such labels; there are "
                            + of.sources().stream()
                                    .flatMap(source -> source.labels().entrySet().stream())
                                    .map(Object::toString)
                                    .distinct()
                                    .sorted()
                                    .limit(MOST_LABELS)
                                    .collect(Collectors.collectingAndThen(
                                            Collectors.joining(", "), all -> all.isEmpty() ? "none" : all)));
        }
        return accepted;
    }

    public List<ProfileSource> sources() {
        return side.sources();
    }

    Side side() {
        return side;
    }

    Side baselineSide() {
        return baseline;
    }

    /**
     * The measures of all profiles with their sums, in the order people expect. Where some know how long a sample is and others
     * do not, all are counted.
     */
    public List<MeasureTotals> measures() {
        Map<String, Measure> resolved =
                measures(side).stream().collect(Collectors.toMap(Measure::name, measure -> measure));
        Map<Measure, MeasureTotals> totals = new TreeMap<>();
        for (ProfileSource source : side.sources()) {
            for (ProfileSource.Totals each : source.measures()) {
                Measure measure = resolved.get(each.measure().name());
                boolean isOwn = each.measure().equals(measure);
                totals.merge(
                        measure,
                        new MeasureTotals(
                                measure,
                                each.events(),
                                each.samples(),
                                isOwn ? each.intervalNanos() : 0,
                                isOwn ? each.total() : each.samples(),
                                1),
                        MeasureTotals::plus);
            }
        }
        return List.copyOf(totals.values());
    }

    /**
     * The measure of that name, in the unit that all profiles have; for null the first there is.
     *
     * @throws InvalidQueryException if there is none
     */
    public Measure measure(String name) {
        List<Measure> known = measures(side);
        return known.stream()
                .filter(each -> name == null || each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidQueryException.unknown(
                        "measure",
                        known.isEmpty()
                                ? "the profiles hold no samples"
                                : "the profiles have no measure \"" + name + "\"; they have " + names(known)));
    }

    /**
     * The measure of that name that is compared with the baseline's; for null the first that both have.
     *
     * @throws InvalidQueryException if a side has none: what was not recorded is not 0
     */
    public Measure comparedMeasure(String name) {
        if (baseline.sources().isEmpty()) {
            return measure(name);
        }
        List<Measure> ours = measures(side);
        List<Measure> theirs = measures(baseline);
        TreeSet<Measure> both = new TreeSet<>();
        ours.stream().filter(each -> baseline.anyKnows(each)).forEach(both::add);
        theirs.stream().filter(each -> side.anyKnows(each)).forEach(both::add);
        Optional<Measure> found = both.stream()
                .filter(each -> name == null || each.name().equals(name))
                .findFirst();
        if (found.isPresent()) {
            return found.get();
        }
        String common = both.isEmpty() ? "they have no measure in common" : "both have " + names(both);
        if (name == null) {
            throw InvalidQueryException.unknown(
                    "measure",
                    "the profiles cannot be compared with the baseline: they have " + names(ours)
                            + ", the baseline has " + names(theirs));
        }
        boolean isOurs = ours.stream().anyMatch(each -> each.name().equals(name));
        boolean isTheirs = theirs.stream().anyMatch(each -> each.name().equals(name));
        throw InvalidQueryException.unknown(
                "measure",
                (isOurs
                                ? "the baseline has"
                                : isTheirs ? "only the baseline has" : "neither the profiles nor the baseline have")
                        + (isOurs ? " no measure \"" : isTheirs ? " the measure \"" : " a measure \"")
                        + name + "\": it was not recorded " + (isOurs ? "there" : isTheirs ? "in the other" : "at all")
                        + "; "
                        + common);
    }

    /** What they have, each in the unit that all profiles have, those of the other side too. */
    private List<Measure> measures(Side of) {
        Map<String, Measure> resolved = new HashMap<>();
        all().flatMap(source -> source.measures().stream())
                .forEach(totals -> resolved.merge(totals.measure().name(), totals.measure(), Profiles::common));
        return of.sources().stream()
                .flatMap(source -> source.measures().stream())
                .map(totals -> resolved.get(totals.measure().name()))
                .distinct()
                .sorted()
                .toList();
    }

    /** Nanoseconds and samples have only the number of samples in common. */
    private static Measure common(Measure one, Measure other) {
        return one.unit() == other.unit() ? one : one.inSamples();
    }

    /** What was asked for: samples where these are to be counted. */
    Measure counted(Measure measure, Query query) {
        return query.count() ? measure.inSamples() : measure;
    }

    private static String names(Collection<Measure> measures) {
        return measures.isEmpty()
                ? "none"
                : measures.stream().map(Measure::name).collect(Collectors.joining(", "));
    }

    private Stream<ProfileSource> all() {
        return Stream.concat(side.sources().stream(), baseline.sources().stream());
    }

    /** The instances that did not record a measure: a sum over all says nothing of them. */
    public List<String> lacking(Measure measure) {
        return side.lacking(measure);
    }

    /** The same of the baseline. */
    public List<String> baselineLacking(Measure measure) {
        return baseline.lacking(measure);
    }

    /**
     * How the sides of a difference are compared.
     *
     * @param wanted null for what fits best
     */
    Comparison comparison(Comparison.By wanted, FrameTree tree, Query query) {
        // Samples that nobody knows the length of are compared by what they are of their whole.
        return Comparison.of(
                wanted == null && isUntimed(tree.measure(), query) ? Comparison.By.SHARE : wanted,
                tree,
                side.recordedNanos(tree.measure(), query.filter()),
                baseline.recordedNanos(tree.measure(), query.baseline()));
    }

    private static boolean isUntimed(Measure measure, Query query) {
        return measure.unit() == Unit.SAMPLES && !query.count();
    }

    /**
     * What people must know of an answer to understand its numbers; empty for most.
     *
     * @param measure of the answer
     */
    List<String> warnings(Measure measure, Query query) {
        if (!isUntimed(measure, query)) {
            return List.of();
        }
        boolean someTimed = all().flatMap(source -> source.measures().stream())
                .anyMatch(each -> each.measure().name().equals(measure.name())
                        && each.measure().unit() == Unit.NANOSECONDS);
        return List.of(
                someTimed
                        ? "not all recordings tell the interval of their samples of " + measure.name()
                                + ": samples are counted, though they may be worth different times"
                        : "the interval of the samples of " + measure.name()
                                + " is not known: they are counted, and cannot be told in seconds");
    }

    /** The merged tree, with what the profiler itself is worth in it, or without. */
    Merged merged(Query query) throws IOException {
        Overhead overhead = query.filter().overhead();
        if (overhead == Overhead.KEEP) {
            return new Merged(tree(query), null);
        }
        // One tree with the group serves those who hide it and those who do not, and says what it is worth.
        FrameTree tree = tree(query.with(Overhead.GROUP));
        return new Merged(overhead == Overhead.HIDE ? tree.withoutOverhead() : tree, tree.overhead(0));
    }

    /** The merged tree: of the profiles alone, or of both sides. */
    public FrameTree tree(Query query) throws IOException {
        Measure measure = counted(comparedMeasure(query.measure()), query);
        boolean alone = baseline.sources().isEmpty();
        // Relative moments mean another time as soon as there are more profiles.
        if (alone && query.filter().from() == null && query.filter().to() == null) {
            return merges.tree(query.alone(measure.name()), measure, side.sources(), new Merges.Merge() {
                @Override
                public TreeBuilder begin() {
                    return builder(query, measure, 1);
                }

                @Override
                public void add(TreeBuilder into, List<ProfileSource> more) throws IOException {
                    Some part = new Some(into, query, query.filter(), TimeRange.ALL, 0);
                    Loading.gather(more, measure, TimeRange.ALL, part);
                }
            });
        }
        TreeBuilder builder = builder(query, measure, alone ? 1 : 2);
        add(builder, side, query, query.filter(), measure, 0);
        if (!alone) {
            add(builder, baseline, query, query.baseline(), measure, 1);
        }
        return builder.build();
    }

    private static TreeBuilder builder(Query query, Measure measure, int sides) {
        return new TreeBuilder(measure, query.naming(), query.by(), sides);
    }

    private static void add(TreeBuilder into, Side side, Query query, ProfileFilter filter, Measure measure, int number)
            throws IOException {
        TimeRange range = side.range(filter);
        Loading.gather(side.sources(), measure, range, new Some(into, query, filter, range, number));
    }

    /** The nodes of some profiles. */
    private record Some(TreeBuilder builder, Query query, ProfileFilter filter, TimeRange range, int side)
            implements Part<Some> {
        @Override
        public Some sibling() {
            return new Some(builder.sibling(), query, filter, range, side);
        }

        @Override
        public void add(ProfileSource source, Profile profile) {
            builder.add(profile, filter, range, query.count(), source.instance(), side);
        }

        @Override
        public void merge(Some other) {
            builder.addAll(other.builder);
        }
    }
}
