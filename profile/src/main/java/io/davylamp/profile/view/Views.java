package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers queries over a set of profiles, and over a baseline that it is compared with. Profiles are loaded one after the other,
 * the next while one is merged; many are shared out among the processors. Memory holds two profiles for each processor, and the answer. Not thread-safe.
 */
public final class Views {
    /** Keeps merged trees for the next query, and extends them as profiles arrive. */
    public interface Merges {
        /**
         * The tree of {@code sources}; the builder of an earlier call with the same {@code shape} may already hold some.
         *
         * @param shape all that the tree depends on besides its sources
         */
        FrameTree tree(List<String> shape, List<ProfileSource> sources, Merge merge) throws IOException;
    }

    /** How a tree is made of its sources. */
    public interface Merge {
        TreeBuilder begin();

        void add(TreeBuilder into, List<ProfileSource> sources) throws IOException;
    }

    /** Merges anew for each query. */
    public static final Merges NO_MERGES = (shape, sources, merge) -> {
        TreeBuilder builder = merge.begin();
        merge.add(builder, sources);
        return builder.build();
    };

    /** Fewer are not worth a second tree. */
    private static final int PROFILES_PER_WORKER = 4;

    private final List<ProfileSource> sources;
    private final List<ProfileSource> baseline;
    private final Merges merges;

    /** @param baseline empty when nothing is compared */
    public Views(List<ProfileSource> sources, List<ProfileSource> baseline, Merges merges) {
        this.sources = List.copyOf(sources);
        this.baseline = List.copyOf(baseline);
        this.merges = merges;
    }

    public List<ProfileSource> sources() {
        return sources;
    }

    public List<ProfileSource> baseline() {
        return baseline;
    }

    /** The measures of all profiles with the sums of what a query accepts, in the order people expect. */
    public List<MeasureTotals> measures(Query query) throws IOException {
        TimeRange range = range(query.filter(), sources);
        List<MeasureTotals> sums = new ArrayList<>();
        for (MeasureTotals whole : measures()) {
            long[] sum = new long[4];
            forEach(sources, whole.measure(), range, (source, profile) -> {
                if (Selection.has(profile, whole.measure())) {
                    Selection selection = new Selection(profile, whole.measure(), query.filter(), range, query.count());
                    long before = sum[0];
                    for (Samples.Block block : selection.samples().blocks()) {
                        int n = selection.select(block);
                        sum[0] += n;
                        for (int i = 0; i < n; i++) {
                            sum[1] += selection.value(block, selection.rows()[i]);
                            sum[3] += block.weight(selection.rows()[i]);
                        }
                    }
                    sum[2] += sum[0] > before ? 1 : 0;
                }
            });
            sums.add(new MeasureTotals(
                    counted(whole.measure(), query), sum[0], sum[3], whole.intervalNanos(), sum[1], (int) sum[2]));
        }
        return sums;
    }

    /**
     * The measures of all profiles with their sums, in the order people expect. Where some know how long a sample is and others
     * do not, all are counted.
     */
    public List<MeasureTotals> measures() {
        Map<String, Measure> resolved =
                measures(sources).stream().collect(Collectors.toMap(Measure::name, measure -> measure));
        Map<Measure, MeasureTotals> totals = new TreeMap<>();
        for (ProfileSource source : sources) {
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
     * A measure with its sums over instances.
     *
     * @param events rows
     * @param samples samples of the profiler that they stand for
     * @param intervalNanos time that each sample is worth; 0 when it is no time, or not the same everywhere
     */
    public record MeasureTotals(
            Measure measure, long events, long samples, long intervalNanos, long total, int instances) {
        private MeasureTotals plus(MeasureTotals other) {
            return new MeasureTotals(
                    measure,
                    events + other.events,
                    samples + other.samples,
                    intervalNanos == other.intervalNanos ? intervalNanos : 0,
                    total + other.total,
                    instances + other.instances);
        }
    }

    /**
     * The measure of that name, in the unit that all profiles have; for null the first there is.
     *
     * @throws InvalidQueryException if there is none
     */
    public Measure measure(String name) {
        List<Measure> known = measures(sources);
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
        if (baseline.isEmpty()) {
            return measure(name);
        }
        List<Measure> ours = measures(sources);
        List<Measure> theirs = measures(baseline);
        TreeSet<Measure> both = new TreeSet<>();
        ours.stream().filter(each -> anyKnows(baseline, each)).forEach(both::add);
        theirs.stream().filter(each -> anyKnows(sources, each)).forEach(both::add);
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
    private List<Measure> measures(List<ProfileSource> of) {
        Map<String, Measure> resolved = new HashMap<>();
        Stream.concat(sources.stream(), baseline.stream())
                .flatMap(source -> source.measures().stream())
                .forEach(totals -> resolved.merge(totals.measure().name(), totals.measure(), Views::common));
        return of.stream()
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
    private static Measure counted(Measure measure, Query query) {
        return query.count() ? measure.inSamples() : measure;
    }

    private static String names(Collection<Measure> measures) {
        return measures.isEmpty()
                ? "none"
                : measures.stream().map(Measure::name).collect(Collectors.joining(", "));
    }

    private static boolean anyKnows(List<ProfileSource> of, Measure measure) {
        return of.stream().anyMatch(source -> knows(source, measure));
    }

    /** Whether the profile says anything of a measure: without samples of it, because nothing happened. */
    private static boolean knows(ProfileSource source, Measure measure) {
        return source.measures().stream()
                        .anyMatch(totals -> totals.measure().name().equals(measure.name()))
                || Recorded.isSaidBy(source.info(), measure);
    }

    private static List<ProfileSource> knowing(List<ProfileSource> of, Measure measure) {
        return of.stream().filter(source -> knows(source, measure)).toList();
    }

    /** The instances that did not record a measure: a sum over all says nothing of them. */
    public List<String> lacking(Measure measure) {
        return lacking(sources, measure);
    }

    /** The same of the baseline. */
    public List<String> baselineLacking(Measure measure) {
        return lacking(baseline, measure);
    }

    private static List<String> lacking(List<ProfileSource> of, Measure measure) {
        return of.stream()
                .filter(source -> !knows(source, measure))
                .map(ProfileSource::instance)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * How the sides of a difference are compared.
     *
     * @param wanted null for what fits best
     */
    public Comparison comparison(Comparison.By wanted, FrameTree tree, Query query, ProfileFilter baselineFilter) {
        // Instances that did not record the measure add neither to it nor to the time. Samples that nobody knows the
        // length of are compared by what they are of their whole.
        return Comparison.of(
                wanted == null && isUntimed(tree.measure(), query) ? Comparison.By.SHARE : wanted,
                tree,
                Comparison.recordedNanos(knowing(sources, tree.measure()), range(query.filter(), sources)),
                Comparison.recordedNanos(knowing(baseline, tree.measure()), range(baselineFilter, baseline)));
    }

    private static boolean isUntimed(Measure measure, Query query) {
        return measure.unit() == Unit.SAMPLES && !query.count();
    }

    /** How much was recorded of a measure, of the profiles that say something of it. */
    public Extent extent(Measure measure, ProfileFilter filter) {
        return extent(measure, filter, sources);
    }

    /** The same of the baseline. */
    public Extent baselineExtent(Measure measure, ProfileFilter filter) {
        return extent(measure, filter, baseline);
    }

    private static Extent extent(Measure measure, ProfileFilter filter, List<ProfileSource> of) {
        TimeRange range = range(filter, of);
        long interval = -1;
        long length = 0;
        long cores = 0;
        boolean coresKnown = true;
        List<ProfileSource> knowing = knowing(of, measure);
        for (ProfileSource source : knowing) {
            ProfileInfo info = source.info();
            long from = Math.max(info.startNanos(), range.fromNanos());
            long to = Math.min(info.endNanos(), range.toNanos());
            long own = Math.max(0, to - from);
            length += own;
            coresKnown &= info.cores() > 0;
            cores += own * info.cores();
            for (ProfileSource.Totals each : source.measures()) {
                if (each.measure().name().equals(measure.name())) {
                    long worth = each.measure().equals(measure) ? each.intervalNanos() : 0;
                    interval = interval < 0 || interval == worth ? worth : 0;
                }
            }
        }
        return new Extent(Math.max(0, interval), length, coresKnown ? cores : 0, knowing.size());
    }

    /**
     * What people must know of an answer to understand its numbers; empty for most.
     *
     * @param measure of the answer
     */
    public List<String> warnings(Measure measure, Query query) {
        if (!isUntimed(measure, query)) {
            return List.of();
        }
        boolean someTimed = Stream.concat(sources.stream(), baseline.stream())
                .flatMap(source -> source.measures().stream())
                .anyMatch(each -> each.measure().name().equals(measure.name())
                        && each.measure().unit() == Unit.NANOSECONDS);
        return List.of(
                someTimed
                        ? "not all recordings tell the interval of their samples of " + measure.name()
                                + ": samples are counted, though they may be worth different times"
                        : "the interval of the samples of " + measure.name()
                                + " is not known: they are counted, and cannot be told in seconds");
    }

    /**
     * The merged tree.
     *
     * @param baselineFilter what counts of the baseline
     * @param shape texts of the parameters, for queries whose tree may be kept; null if it may not
     */
    public FrameTree tree(Query query, ProfileFilter baselineFilter, List<String> shape) throws IOException {
        Measure measure = counted(comparedMeasure(query.measure()), query);
        int sides = baseline.isEmpty() ? 1 : 2;
        if (sides == 1
                && shape != null
                && query.filter().from() == null
                && query.filter().to() == null) {
            List<String> whole = new ArrayList<>(shape);
            whole.add("measure=" + measure.name() + " " + measure.unit().word());
            return merges.tree(whole, sources, new Merge() {
                @Override
                public TreeBuilder begin() {
                    return builder(query, measure, 1);
                }

                @Override
                public void add(TreeBuilder into, List<ProfileSource> more) throws IOException {
                    Views.add(into, more, query.filter(), TimeRange.ALL, query.count(), measure, 0);
                }
            });
        }
        TreeBuilder builder = builder(query, measure, sides);
        add(builder, sources, query.filter(), range(query.filter(), sources), query.count(), measure, 0);
        if (sides == 2) {
            add(builder, baseline, baselineFilter, range(baselineFilter, baseline), query.count(), measure, 1);
        }
        return builder.build();
    }

    private static TreeBuilder builder(Query query, Measure measure, int sides) {
        return new TreeBuilder(measure, query.naming(), query.by(), sides);
    }

    private static TimeRange range(ProfileFilter filter, Collection<ProfileSource> of) {
        return TimeRange.of(filter, infos(of));
    }

    private static List<ProfileInfo> infos(Collection<ProfileSource> of) {
        return of.stream().map(ProfileSource::info).toList();
    }

    private static void add(
            TreeBuilder into,
            List<ProfileSource> sources,
            ProfileFilter filter,
            TimeRange range,
            boolean count,
            Measure measure,
            int side)
            throws IOException {
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), sources.size() / PROFILES_PER_WORKER);
        if (workers < 2) {
            forEach(
                    sources,
                    measure,
                    range,
                    (source, profile) -> into.add(profile, filter, range, count, source.instance(), side));
            return;
        }
        // Each worker merges its share, then the shares are merged: the sum does not depend on who added what.
        List<CompletableFuture<TreeBuilder>> shares = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int first = worker;
            TreeBuilder share = worker == 0 ? into : into.sibling();
            shares.add(supply(() -> {
                for (int i = first; i < sources.size(); i += workers) {
                    ProfileSource source = sources.get(i);
                    share.add(source.load(measure, range), filter, range, count, source.instance(), side);
                }
                return share;
            }));
        }
        CompletableFuture.allOf(shares.toArray(CompletableFuture[]::new))
                .exceptionally(e -> null)
                .join();
        join(shares.get(0));
        for (CompletableFuture<TreeBuilder> share : shares.subList(1, workers)) {
            into.addAll(join(share));
        }
    }

    /** The stacks of each thread in the order of time: siblings as they came, a frame that is entered again there again. */
    public FrameTree timeOrder(Query query, int nodes) throws IOException {
        Measure measure = counted(measure(query.measure()), query);
        TimeRange range = range(query.filter(), sources);
        // Threads stand beside each other there: a group of some of their stacks has no place.
        ProfileFilter filter =
                query.filter().overhead() == Overhead.GROUP ? query.filter().with(Overhead.KEEP) : query.filter();
        TimeOrder order = new TimeOrder(measure, query.naming());
        forEach(
                sources,
                measure,
                range,
                (source, profile) ->
                        order.add(profile, filter, range, query.count(), sources.size() == 1 ? "" : source.instance()));
        return order.build(nodes);
    }

    public Timeline timeline(Query query, Timeline.Cells cells) throws IOException {
        Measure measure = counted(measure(query.measure()), query);
        TimeRange range = range(query.filter(), sources);
        if (query.by().size() > 1) {
            throw new InvalidQueryException("by", "a timeline has rows by one of thread, threads, state, instance");
        }
        Timeline.Builder builder = new Timeline.Builder(
                measure,
                range,
                infos(sources),
                cells,
                query.by().isEmpty() ? null : query.by().get(0));
        forEach(
                sources,
                measure,
                range,
                (source, profile) -> builder.add(profile, query.filter(), range, query.count(), source.instance()));
        return builder.build();
    }

    public ThreadTable threads(Query query, boolean folded) throws IOException {
        Measure measure = counted(measure(query.measure()), query);
        TimeRange range = range(query.filter(), sources);
        ThreadTable table = new ThreadTable(measure, folded);
        forEach(sources, measure, range, (source, profile) -> table.add(profile, query.filter(), range, query.count()));
        return table;
    }

    /** The samples of one profile that a query accepts. */
    public static final class SampleSource {
        private final Profile profile;
        private final Selection selection;
        private final int[] nodeOfStack;

        private SampleSource(Profile profile, Selection selection, int[] nodeOfStack) {
            this.profile = profile;
            this.selection = selection;
            this.nodeOfStack = nodeOfStack;
        }

        public String threadName(int thread) {
            return profile.threads().name()[thread];
        }

        /** The operating system's number of a thread; 0 when unknown. */
        public long threadId(int thread) {
            return profile.threads().osId()[thread];
        }

        /** Visits each sample, in the order of the profile. */
        public void forEach(SampleVisitor visitor) {
            for (Samples.Block block : selection.samples().blocks()) {
                int n = selection.select(block);
                for (int i = 0; i < n; i++) {
                    int row = selection.rows()[i];
                    visitor.sample(
                            nodeOfStack[block.stack(row)],
                            block.thread(row),
                            block.timeNanos(row),
                            selection.value(block, row),
                            block.weight(row));
                }
            }
        }
    }

    /** Receives samples. */
    public interface SampleVisitor {
        /**
         * One sample.
         *
         * @param node of the profile's tree
         * @param timeNanos since the profile's start
         * @param value in the measure's unit
         * @param count how many samples of the profiler it stands for
         */
        void sample(int node, int thread, long timeNanos, long value, long count);
    }

    /** Receives the samples of each profile, with their stacks as a tree. */
    public interface SamplesVisitor {
        void profile(ProfileSource source, Measure measure, FrameTree tree, SampleSource samples);
    }

    /** All samples of a query, profile by profile. */
    public void samples(Query query, SamplesVisitor visitor) throws IOException {
        Measure measure = counted(measure(query.measure()), query);
        TimeRange range = range(query.filter(), sources);
        forEach(sources, measure, range, (source, profile) -> {
            if (!Selection.has(profile, measure)) {
                return;
            }
            TreeBuilder builder = new TreeBuilder(measure, query.naming(), List.of(), 1);
            int[] nodeOfStack = builder.addStacks(profile, query.filter(), range, query.count());
            Selection selection = new Selection(profile, measure, query.filter(), range, query.count());
            visitor.profile(source, measure, builder.build(), new SampleSource(profile, selection, nodeOfStack));
        });
    }

    private interface Visitor {
        void profile(ProfileSource source, Profile profile);
    }

    /** Loads the next profile while one is visited. */
    private static void forEach(List<ProfileSource> sources, Measure measure, TimeRange range, Visitor visitor)
            throws IOException {
        Iterator<ProfileSource> rest = sources.iterator();
        ProfileSource next = rest.hasNext() ? rest.next() : null;
        CompletableFuture<Profile> loading = next == null ? null : load(next, measure, range);
        while (next != null) {
            ProfileSource source = next;
            Profile profile = join(loading);
            next = rest.hasNext() ? rest.next() : null;
            loading = next == null ? null : load(next, measure, range);
            visitor.profile(source, profile);
        }
    }

    private static CompletableFuture<Profile> load(ProfileSource source, Measure measure, TimeRange range) {
        return supply(() -> source.load(measure, range));
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> supply(Work<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static <T> T join(CompletableFuture<T> loading) throws IOException {
        try {
            return loading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw e;
        }
    }
}
