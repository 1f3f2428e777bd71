package io.davylamp.profile.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.export.Collapsed;
import io.davylamp.profile.export.FlameJson;
import io.davylamp.profile.jfr.JfrImport;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must add up adds up, for random profiles and for real recordings, whatever the filter. */
class ViewsTest {
    private static final int ROWS = 1_000;

    private static final long SECOND = 1_000_000_000L;

    /** Ten seconds of random stacks with recursion, three threads, two states, spans on one thread. */
    static Profile random(long seed) {
        Random random = new Random(seed);
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int[] frames = new int[30];
        for (int i = 0; i < frames.length; i++) {
            String name = "p" + i % 3 + ".C" + i % 7;
            frames[i] = builder.frame(builder.method(name, name, "m" + i % 11), i % 5, FrameKind.ofCode(i % 4));
        }
        int main = builder.thread("main", 1, 1, false);
        int[] threads = {main, builder.thread("worker-1", 2, 2, false), builder.thread("worker-2", 3, 3, true)};
        byte[] states = {builder.state("STATE_RUNNABLE"), builder.state("STATE_SLEEPING")};
        for (int n = 0; n < 2_000; n++) {
            int node = 0;
            int depth = 1 + random.nextInt(20);
            for (int level = 0; level < depth; level++) {
                node = builder.child(node, frames[random.nextInt(1 + Math.min(level * 2 + 1, 29))]);
            }
            builder.add(
                    builder.samples(Measure.CPU),
                    (long) (random.nextDouble() * 10 * SECOND),
                    node,
                    threads[random.nextInt(3)],
                    states[random.nextInt(2)],
                    1 + random.nextInt(100));
        }
        int tag = builder.symbol("checkout");
        builder.addSpan(tag, main, SECOND, 2 * SECOND);
        builder.addSpan(tag, main, 2 * SECOND, 3 * SECOND);
        builder.addSpan(builder.symbol("search"), main, 8 * SECOND, SECOND / 2);
        return builder.build(new ProfileInfo(
                "test", seed * SECOND, seed * SECOND + 10 * SECOND, new TreeMap<>(), new TreeMap<>(), 1, List.of()));
    }

    static String collapsed(FrameTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree.sorted(), out);
        return out.toString();
    }

    private static Query query(String... pairs) {
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], pairs[i + 1]);
        }
        return Query.of(parameters::get);
    }

    private static FrameTree tree(Query query, Profile... profiles) throws IOException {
        List<ProfileSource> sources = new ArrayList<>();
        for (int i = 0; i < profiles.length; i++) {
            sources.add(ProfileSource.of("i" + i, profiles[i]));
        }
        return new Profiles(sources, List.of(), Merges.NONE).tree(query);
    }

    private static List<String> findings(String measure, Profile profile) throws IOException {
        return new FindingsView()
                        .answer(
                                query("measure", measure),
                                new Profiles(List.of(ProfileSource.of("i", profile)), List.of(), Merges.NONE))
                        .findings()
                        .stream()
                        .map(FindingsView.Sentence::text)
                        .toList();
    }

    static Stream<String> filters() {
        return Stream.of(
                "",
                "threads worker-*",
                "states runnable",
                "virtual true",
                "include p1.*",
                "exclude p2.C2.*",
                "root *.m3",
                "leaf *.m4",
                "hide p0.*",
                "min 50",
                "idle hide",
                "span checkout span-min 1s",
                "count true",
                "include p1.* exclude *.m9 threads main hide *.m1");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void timeSlicesAddUpToTheWhole(String filter) throws IOException {
        Profile profile = random(5);
        long[] cuts = {0, 1, 3, 4, 7, 11};

        TreeBuilder slices = new TreeBuilder(Measure.CPU, Detail.METHOD);
        long sum = 0;
        for (int i = 0; i + 1 < cuts.length; i++) {
            String[] pairs = with(filter, "from", cuts[i] + "s", "to", cuts[i + 1] + "s");
            Query slice = query(pairs);
            sum += tree(slice, profile).total();
            slices.add(
                    profile,
                    slice.filter(),
                    TimeRange.of(slice.filter(), List.of(profile.info())),
                    slice.count(),
                    "",
                    0);
        }

        FrameTree whole = tree(query(with(filter)), profile);
        assertThat(sum).isEqualTo(whole.total());
        assertThat(collapsed(slices.build())).isEqualTo(collapsed(whole));
    }

    private static String[] with(String filter, String... more) {
        List<String> all = new ArrayList<>(filter.isEmpty() ? List.of() : List.of(filter.split(" ")));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void threadsThatOnlyWaitedAreLeftOutOfWallWhateverSliceIsAskedFor() throws IOException {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int frame = builder.frame(builder.method("p.A", "p.A", "a"), 1, FrameKind.ofCode(1));
        byte runs = builder.state("STATE_RUNNABLE");
        byte sleeps = builder.state("STATE_SLEEPING");
        int pool = builder.thread("pool-1", 1, 1, false);
        int late = builder.thread("late", 2, 2, false);
        int blocked = builder.thread("blocked", 3, 3, false);
        int stack = builder.child(0, frame);
        for (Measure measure : List.of(Measure.WALL, Measure.CPU)) {
            builder.add(builder.samples(measure), SECOND, stack, pool, sleeps, 10_000);
            builder.add(builder.samples(measure), SECOND, stack, late, sleeps, 10);
            builder.add(builder.samples(measure), 8 * SECOND, stack, late, runs, 100);
            builder.add(
                    builder.samples(measure),
                    SECOND,
                    stack,
                    blocked,
                    builder.state("STATE_BLOCKED_ON_MONITOR_ENTER"),
                    1_000);
        }
        Profile profile =
                builder.build(new ProfileInfo("test", 0, 10 * SECOND, new TreeMap<>(), new TreeMap<>(), 1, List.of()));

        assertThat(tree(query("measure", "wall"), profile).total()).isEqualTo(11_110);
        assertThat(tree(query("measure", "wall", "idle", "hide"), profile).total())
                .isEqualTo(1_110);
        assertThat(tree(query("measure", "wall", "idle", "hide", "to", "2s"), profile)
                        .total())
                .isEqualTo(1_010);
        assertThat(tree(query("measure", "cpu", "idle", "hide"), profile).total())
                .isEqualTo(11_110);
        assertThat(findings("wall", profile))
                .contains("The first half has 10.1 times the second half's wall-clock time.");
        assertThat(findings("cpu", profile)).contains("The first half has 110.1 times the second half's CPU time.");
        assertThatThrownBy(() -> query("idle", "never")).hasMessage("idle \"never\" is unknown; known are keep, hide");
    }

    @Test
    void cellsOfALengthAreAsManyAsTheTimeNeeds() throws IOException {
        Profile profile = random(6);
        Profiles views = new Profiles(List.of(ProfileSource.of("i", profile)), List.of(), Merges.NONE);
        Query query = query(with(""));
        long duration = profile.info().durationNanos();

        Timeline timeline = new TimelineView(Timeline.Cells.ofNanos(duration / 4)).timeline(query, views);

        assertThat(timeline.cellNanos()).isEqualTo(duration / 4);
        assertThat(timeline.cells()).isEqualTo((int) (duration / (duration / 4)) + 1);
        assertThatThrownBy(() -> new TimelineView(Timeline.Cells.ofNanos(duration / 20_000)).timeline(query, views))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("allowed are 10000");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void threadsTimelineRowsAndGroupsAddUpToTheWhole(String filter) throws IOException {
        Profile profile = random(6);
        Profiles views = new Profiles(List.of(ProfileSource.of("i", profile)), List.of(), Merges.NONE);
        Query query = query(with(filter));
        long whole = tree(query, profile).total();

        assertThat(new ThreadsView(ROWS, false)
                        .table(query, views).rows().stream()
                                .mapToLong(ThreadTable.Row::total)
                                .sum())
                .isEqualTo(whole);
        assertThat(new ThreadsView(ROWS, true).table(query, views).rows())
                .extracting(ThreadTable.Row::name)
                .isSubsetOf("main", "worker-*");
        for (String by : List.of("thread", "threads", "state", "instance")) {
            Query grouped = query(with(filter, "by", by));
            assertThat(new TimelineView(Timeline.Cells.of(17))
                            .timeline(grouped, views).rows().stream()
                                    .mapToLong(Timeline.Row::total)
                                    .sum())
                    .as(by)
                    .isEqualTo(whole);
            assertThat(new TimelineView(Timeline.Cells.ofNanos(20_000_000))
                            .timeline(grouped, views).rows().stream()
                                    .mapToLong(Timeline.Row::total)
                                    .sum())
                    .as(by)
                    .isEqualTo(whole);
            assertThat(tree(grouped, profile).total()).as(by).isEqualTo(whole);
        }
        Query both = query(with(filter, "by", "instance,thread,state"));
        assertThat(tree(both, profile).total()).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aDifferenceWithItselfIsEmpty(String filter) throws IOException {
        ProfileSource source = ProfileSource.of("i", random(7));
        Query query = query(with(filter));

        FrameTree difference = new Profiles(List.of(source), List.of(source), Merges.NONE).tree(query);

        for (FrameTree tree : List.of(difference, difference.sorted(), Inverted.reversed(difference, 500, List.of()))) {
            for (int i = 0; i < tree.size(); i++) {
                assertThat(tree.self(1, i)).isEqualTo(tree.self(0, i));
                assertThat(tree.total(1, i)).isEqualTo(tree.total(0, i));
            }
        }
        assertThat(HotMethods.of(difference, HotMethods.Order.CHANGE, 1))
                .allMatch(row -> row.self() == row.baselineSelf() && row.total() == row.baselineTotal());
    }

    @Test
    void aDifferenceHoldsWhatIsOnOneSideOnly() throws IOException {
        ProfileSource now = ProfileSource.of("now", random(8));
        ProfileSource before = ProfileSource.of("before", random(9));
        Query query = query();

        FrameTree difference = new Profiles(List.of(now), List.of(before), Merges.NONE).tree(query);

        assertThat(difference.total(0, 0)).isEqualTo(tree(query, random(8)).total());
        assertThat(difference.total(1, 0)).isEqualTo(tree(query, random(9)).total());
        assertThat(difference.baselineScale(true) * difference.total(1, 0))
                .isCloseTo(difference.total(0, 0), org.assertj.core.data.Offset.offset(1e-3));
        assertThat(difference.baselineScale(false)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void mergingInAnyOrderAndGroupingGivesTheSameTree(long seed) throws IOException {
        List<Profile> profiles = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            profiles.add(random(seed * 100 + i));
        }
        String expected = collapsed(tree(query(), profiles.toArray(Profile[]::new)));
        Collections.shuffle(profiles, new Random(seed));

        TreeBuilder onceMore = new TreeBuilder(Measure.CPU, Detail.METHOD);
        for (Profile profile : profiles) {
            onceMore.add(profile, ProfileFilter.ALL);
            onceMore.build(); // a builder may go on after an answer
        }

        assertThat(collapsed(onceMore.build())).isEqualTo(expected);
        // The largest nodes, and which of equal ones, do not depend on the order either.
        assertThat(collapsed(onceMore.build().cut(40)))
                .isEqualTo(collapsed(
                        tree(query(), profiles.toArray(Profile[]::new)).cut(40)));
    }

    /** Whole answers, kinds included, at budgets that cut among many nodes of equal value. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyViewCutsTheSameNodesInWhateverOrderProfilesWereAdded(long seed) throws IOException {
        Profile[] profiles = {random(seed), random(seed + 10), random(seed + 20)};
        Query query = query("count", "true", "min", "98");
        FrameTree forward = tree(query, profiles);
        FrameTree backward = tree(query, profiles[2], profiles[1], profiles[0]);
        String method = HotMethods.of(forward).get(3).name();

        for (int nodes : new int[] {10, 33, 100, 250}) {
            assertThat(json(backward.cut(nodes))).as("cut %d", nodes).isEqualTo(json(forward.cut(nodes)));
            assertThat(json(Inverted.reversed(backward, nodes, List.of())))
                    .as("reversed %d", nodes)
                    .isEqualTo(json(Inverted.reversed(forward, nodes, List.of())));
            assertThat(json(Inverted.callers(backward, method, nodes, List.of())))
                    .as("callers %d", nodes)
                    .isEqualTo(json(Inverted.callers(forward, method, nodes, List.of())));
            assertThat(json(Callees.of(backward, method).cut(nodes)))
                    .as("callees %d", nodes)
                    .isEqualTo(json(Callees.of(forward, method).cut(nodes)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40, 333, 5_000})
    void aCutKeepsTheLargestNodesAndNoOthers(int nodes) throws IOException {
        for (String filter : List.of("", "count true", "min 99", "root *.m3")) {
            FrameTree whole = tree(query(with(filter)), random(31));
            List<Long> expected = new ArrayList<>();
            for (int i = 0; i < whole.size(); i++) {
                expected.add(whole.total(i));
            }
            expected.sort(Collections.reverseOrder());
            FrameTree cut = whole.cut(nodes);
            List<Long> kept = new ArrayList<>();
            for (int i = 0; i < cut.size(); i++) {
                kept.add(cut.total(i));
            }
            kept.sort(Collections.reverseOrder());

            assertThat(kept).isEqualTo(expected.subList(0, Math.min(nodes, expected.size())));
        }
    }

    private static String json(FrameTree tree) throws IOException {
        StringWriter out = new StringWriter();
        FlameJson.write(tree, out);
        return out.toString();
    }

    @Test
    void profilesSharedOutAmongWorkersGiveTheSameTree() throws IOException {
        Profile[] profiles = new Profile[40];
        TreeBuilder oneByOne = new TreeBuilder(Measure.CPU, Detail.METHOD);
        for (int i = 0; i < profiles.length; i++) {
            profiles[i] = random(i % 7);
            oneByOne.add(profiles[i], ProfileFilter.ALL);
        }

        FrameTree shared = tree(query(), profiles);

        assertThat(collapsed(shared)).isEqualTo(collapsed(oneByOne.build()));
        assertThat(HotMethods.of(shared)).isEqualTo(HotMethods.of(oneByOne.build()));
        TreeBuilder left = new TreeBuilder(Measure.CPU, Detail.METHOD).add(random(1), ProfileFilter.ALL);
        TreeBuilder right = left.sibling().add(random(2), ProfileFilter.ALL).add(random(3), ProfileFilter.ALL);
        left.addAll(right);
        assertThat(collapsed(left.build())).isEqualTo(collapsed(tree(query(), random(3), random(1), random(2))));
    }

    @Test
    void tablesOfProfilesSharedOutAmongWorkersAreThoseOfOneByOne() throws IOException {
        List<ProfileSource> sources = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sources.add(ProfileSource.of("i" + i, random(i % 7)));
        }
        Profiles many = new Profiles(sources, List.of(), Merges.NONE);
        Query query = query("by", "instance");
        TimeRange range = TimeRange.ALL;
        Timeline.Builder cells =
                new Timeline.Builder(Measure.CPU, range, many.side().infos(), Timeline.Cells.of(17), Group.INSTANCE);
        ThreadTable threads = new ThreadTable(Measure.CPU, false);
        for (ProfileSource source : sources) {
            Profile profile = source.load(Measure.CPU, range);
            cells.add(profile, query.filter(), range, false, source.instance());
            threads.add(profile, query.filter(), range, false);
        }

        Timeline shared = new TimelineView(Timeline.Cells.of(17)).timeline(query, many);

        assertThat(shared.rows())
                .usingRecursiveComparison()
                .isEqualTo(cells.build().rows());
        assertThat(new ThreadsView(ROWS, false).table(query, many).rows()).isEqualTo(threads.rows());
    }

    @Test
    void onlyAnInfoWithoutFilterReadsNoSamples() throws IOException {
        AtomicInteger loads = new AtomicInteger();
        ProfileSource inMemory = ProfileSource.of("i", random(3));
        ProfileSource counted = new ProfileSource() {
            @Override
            public String key() {
                return inMemory.key();
            }

            @Override
            public String instance() {
                return inMemory.instance();
            }

            @Override
            public ProfileInfo info() {
                return inMemory.info();
            }

            @Override
            public List<Totals> measures() {
                return inMemory.measures();
            }

            @Override
            public Profile load(Measure measure, TimeRange range) throws IOException {
                loads.incrementAndGet();
                return inMemory.load(measure, range);
            }
        };
        Profiles profiles = new Profiles(List.of(counted), List.of(), Merges.NONE);
        ViewLimits limits = new ViewLimits(100, 100, 1_000_000);

        for (ViewKind kind : ViewKind.values()) {
            for (Query query : List.of(query(), query("threads", "main"))) {
                Parameters parameters = new Parameters(
                        kind.words().contains("method") ? Map.of("method", List.of("p1.C1.m1")) : Map.of());
                View view = kind.view(parameters, limits, true);
                loads.set(0);

                view.answer(query, profiles);

                assertThat(loads.get() > 0)
                        .as(kind + " " + query)
                        .isEqualTo(kind != ViewKind.INFO || !query.filter().equals(ProfileFilter.ALL));
            }
        }
    }

    private static ProfileSource labelled(String instance, Map<String, String> labels) {
        ProfileSource source = ProfileSource.of(instance, random(instance.length()));
        return new ProfileSource() {
            @Override
            public String key() {
                return source.key();
            }

            @Override
            public String instance() {
                return source.instance();
            }

            @Override
            public Map<String, String> labels() {
                return labels;
            }

            @Override
            public ProfileInfo info() {
                return source.info();
            }

            @Override
            public List<Totals> measures() {
                return source.measures();
            }

            @Override
            public Profile load(Measure measure, TimeRange range) throws IOException {
                return source.load(measure, range);
            }
        };
    }

    @Test
    void labelsSelectInstances() {
        ProfileSource one = labelled("one", Map.of("zone", "a", "version", "1.2"));
        ProfileSource three = labelled("three", Map.of("zone", "a", "version", "2.0"));
        ProfileSource none = labelled("none", Map.of());
        Profiles all = new Profiles(List.of(one, three, none), List.of(one, none), Merges.NONE);

        assertThat(all.of(query()).sources()).containsExactly(one, three, none);
        assertThat(all.of(query("label", "zone=a")).sources()).containsExactly(one, three);
        assertThat(all.of(query("label", "zone=a,version=1.*")).sources()).containsExactly(one);
        assertThat(all.of(query("label", "zone=*")).sources()).containsExactly(one, three);
        Profiles compared = all.of(query("label", "version=2.*", "base-label", "version=1.*"));
        assertThat(compared.sources()).containsExactly(three);
        assertThat(compared.baselineSide().sources()).containsExactly(one);
        assertThatThrownBy(() -> all.of(query("label", "zone=b")))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessage("no instance has such labels; there are version=1.2, version=2.0, zone=a");
        assertThatThrownBy(() -> query("label", "zone"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("zone=a,version=1.*");
    }

    @Test
    void mergedProfilesAreAsManyInstancesAsHaveTheMethod() throws IOException {
        Profile other = random(1);

        List<HotMethods.Row> rows = HotMethods.of(tree(query(), other, other, random(2)));

        assertThat(rows).allMatch(row -> row.instances() >= 1 && row.instances() <= 3);
        assertThat(rows.get(0).instances()).isEqualTo(3);
    }

    @Test
    void callersAndCalleesCountEachSampleAsHotMethodsDo() throws IOException {
        FrameTree tree = tree(query(), random(11));

        for (HotMethods.Row row : HotMethods.of(tree)) {
            FrameTree callers = Inverted.callers(tree, row.name(), Integer.MAX_VALUE, List.of());
            FrameTree callees = Callees.of(tree, row.name());
            assertThat(callers.total()).as(row.name()).isEqualTo(row.total());
            assertThat(callees.total()).as(row.name()).isEqualTo(row.total());
            requireSums(callers);
            requireSums(callees);
        }
    }

    @Test
    void reversedHoldsTheSameStacksTheOtherWayRound() throws IOException {
        FrameTree tree = tree(query(), random(12));

        FrameTree reversed = Inverted.reversed(tree, Integer.MAX_VALUE, List.of());

        requireSums(reversed);
        List<String> turned = collapsed(reversed)
                .lines()
                .map(line -> {
                    int space = line.lastIndexOf(' ');
                    List<String> frames = Arrays.asList(line.substring(0, space).split(";"));
                    Collections.reverse(frames);
                    return String.join(";", frames) + line.substring(space);
                })
                .toList();
        assertThat(turned)
                .containsExactlyInAnyOrderElementsOf(collapsed(tree).lines().toList());
    }

    @Test
    void foldedRecursionIsItsOutermostCall() throws IOException {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int thread = builder.thread("main", 1, 1, false);
        byte state = builder.state("STATE_RUNNABLE");
        Map<String, Integer> frames = new TreeMap<>();
        for (String name : List.of("a", "b", "c", "d")) {
            frames.put(name, builder.frame(builder.method("p.C", "p.C", name), 1, FrameKind.JIT));
        }
        // Direct recursion, one by way of another method, and a stack without.
        Map<String, Integer> stacks = Map.of("a a a b", 1, "a b a c", 10, "a b d", 100, "a b a", 1_000);
        stacks.forEach((stack, value) -> {
            int node = 0;
            for (String name : stack.split(" ")) {
                node = builder.child(node, frames.get(name));
            }
            builder.add(builder.samples(Measure.CPU), 0, node, thread, state, value);
        });
        FrameTree tree = tree(
                query(),
                builder.build(new ProfileInfo("test", 0, SECOND, new TreeMap<>(), new TreeMap<>(), 1, List.of())));

        assertThat(collapsed(Recursion.folded(tree)).lines())
                .containsExactlyInAnyOrder("p.C.a;p.C.b 1", "p.C.a;p.C.c 10", "p.C.a;p.C.b;p.C.d 100", "p.C.a 1000");
    }

    @Test
    void foldedRecursionKeepsTheWholeAndWhatEachFrameUsed() throws IOException {
        FrameTree tree = tree(query("by", "thread"), random(16));

        FrameTree folded = Recursion.folded(tree);

        requireSums(folded);
        assertThat(folded.size()).isLessThan(tree.size());
        assertThat(folded.total()).isEqualTo(tree.total());
        assertThat(selfByName(folded)).isEqualTo(selfByName(tree));
        for (int i = 1; i < folded.size(); i++) {
            for (int above = folded.parent(i); above > 0; above = folded.parent(above)) {
                assertThat(folded.name(above)).isNotEqualTo(folded.name(i));
            }
        }
    }

    private static Map<String, Long> selfByName(FrameTree tree) {
        Map<String, Long> self = new TreeMap<>();
        for (int i = 0; i < tree.size(); i++) {
            self.merge(tree.name(i), tree.self(i), Long::sum);
        }
        self.values().removeIf(value -> value == 0);
        return self;
    }

    private static void requireSums(FrameTree tree) {
        long[] sum = new long[tree.size()];
        for (int i = tree.size() - 1; i >= 0; i--) {
            sum[i] += tree.self(i);
            assertThat(tree.total(i)).isEqualTo(sum[i]);
            if (i > 0) {
                sum[tree.parent(i)] += sum[i];
            }
        }
    }

    @Test
    void whatIsCutCanBeAskedForWithItsPath() throws IOException {
        FrameTree tree = tree(query(), random(13)).sorted();
        FrameTree cut = tree.cut(10);

        for (int i = 1; i < cut.size(); i++) {
            List<String> path = new ArrayList<>();
            for (int n = i; n > 0; n = cut.parent(n)) {
                path.add(0, cut.name(n));
            }
            FrameTree below = tree.cut(Integer.MAX_VALUE, path);
            assertThat(below.name(0)).isEqualTo(cut.name(i));
            assertThat(below.total()).isEqualTo(cut.total(i));
            requireSums(below);
        }
        FrameTree reversed = Inverted.reversed(tree, 10, List.of());
        for (int i = 1; i < reversed.size(); i++) {
            List<String> path = new ArrayList<>();
            for (int n = i; n > 0; n = reversed.parent(n)) {
                path.add(0, reversed.name(n));
            }
            assertThat(Inverted.reversed(tree, Integer.MAX_VALUE, path).total()).isEqualTo(reversed.total(i));
        }
        assertThatThrownBy(() -> tree.cut(5, List.of("no.such")))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("no.such");
    }

    @Test
    void rootLeafAndHideChangeStacksAndKeepTheirValues() throws IOException {
        Profile profile = random(14);
        FrameTree whole = tree(query(), profile);

        FrameTree rooted = tree(query("root", "p1.C1.m1"), profile);
        for (int i = 1; i < rooted.size(); i++) {
            if (rooted.parent(i) == 0) {
                assertThat(rooted.name(i)).isEqualTo("p1.C1.m1");
            }
        }
        assertThat(rooted.total()).isEqualTo(Callees.of(whole, "p1.C1.m1").total());
        assertThat(tree(query("hide", "p1.*"), profile).total()).isEqualTo(whole.total());
        assertThat(Arrays.asList(tree(query("hide", "p1.*"), profile).names()))
                .noneMatch(name -> name.startsWith("p1."));
        assertThat(tree(query("leaf", "p1.*"), profile).total()).isEqualTo(whole.total());
    }

    @Test
    void spansSelectTheirThreadAndTimeOnce() throws IOException {
        Profile profile = random(15);

        // Two spans that overlap cover seconds 1 to 5 of the thread main.
        assertThat(tree(query("span", "checkout"), profile).total())
                .isEqualTo(tree(query("threads", "main", "from", "1s", "to", "5s"), profile)
                        .total());
        assertThat(tree(query("span", "*", "span-min", "2500ms"), profile).total())
                .isEqualTo(tree(query("threads", "main", "from", "2s", "to", "5s"), profile)
                        .total());
    }

    @Test
    void momentsCountFromTheFirstStartAndTheLastEnd() throws IOException {
        Profile early = random(20);
        Profile late = random(25);

        long inBoth = tree(query("from", "5s", "to", "-5s"), early, late).total();

        // 25 s to 30 s since the epoch: the second half of the one, the first of the other.
        assertThat(inBoth)
                .isEqualTo(tree(query("from", "5s"), early).total()
                        + tree(query("to", "5s"), late).total());
        assertThat(tree(query("from", "1970-01-01T00:00:25Z", "to", "1970-01-01T00:00:30Z"), early, late)
                        .total())
                .isEqualTo(inBoth);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "threads=",
                "states=,",
                "virtual=maybe",
                "min=big",
                "span-min=-3s",
                "detail=byte",
                "by=colour",
                "count=2"
            })
    void whatCannotBeAskedIsRefusedWithItsName(String parameter) {
        String name = parameter.substring(0, parameter.indexOf('='));
        String text = parameter.substring(parameter.indexOf('=') + 1);

        if (name.equals("states")) {
            assertThat(query(name, text).filter().states()).isEmpty();
            return;
        }
        assertThatThrownBy(() -> query(name, text))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining(name);
    }

    @Test
    void patternsMatchWholeNamesInBoundedTime() {
        assertThat(NamePattern.of("p", "java.util.*").matches("java.util.HashMap.get"))
                .isTrue();
        assertThat(NamePattern.of("p", "java.util").matches("java.util.HashMap.get"))
                .isFalse();
        assertThat(NamePattern.of("p", "a.b,*.m?").matches("x.y.m1")).isTrue();
        assertThat(NamePattern.of("p", "*a*a*a*a*a*a*a*a*a*a*a*a*b").matches("a".repeat(10_000)))
                .isFalse();
        assertThat(NamePattern.of("p", "*").matches("")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"small_spring_multi45.jfr", "jdk_small_lucene.jfr"})
    void realRecordingsAddUpInEveryMeasure(String file) throws IOException {
        Profile profile = JfrImport.read(Recordings.source(file));
        Profiles views = new Profiles(List.of(ProfileSource.of("i", profile)), List.of(), Merges.NONE);

        for (Measure measure : profile.measures().keySet()) {
            Query query = query("measure", measure.name());
            FrameTree tree = tree(query, profile);
            requireSums(tree);
            assertThat(tree(query("measure", measure.name(), "to", "2s"), profile)
                                    .total()
                            + tree(query("measure", measure.name(), "from", "2s"), profile)
                                    .total())
                    .as(measure.name())
                    .isEqualTo(tree.total());
            assertThat(new ThreadsView(ROWS, true)
                            .table(query, views).rows().stream()
                                    .mapToLong(ThreadTable.Row::total)
                                    .sum())
                    .isEqualTo(tree.total());
            assertThat(Arrays.stream(new TimelineView(Timeline.Cells.of(100))
                                    .timeline(query, views)
                                    .rows()
                                    .get(0)
                                    .values())
                            .sum())
                    .isEqualTo(tree.total());
            requireSums(Inverted.reversed(tree, Integer.MAX_VALUE, List.of()));
        }
    }
}
