package io.davylamp.profile.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.export.Collapsed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeOrderTest {
    private static final long SECOND = 1_000_000_000L;

    private final ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
    private final int main = builder.thread("main", 1, 1, false);
    private final int worker = builder.thread("worker", 2, 2, false);

    private void sample(long seconds, int thread, String stack, long value) {
        int node = 0;
        for (String frame : stack.split(";")) {
            node = builder.child(node, builder.frame(builder.method(frame, frame, "m"), 1, FrameKind.JIT));
        }
        builder.add(
                builder.samples(Measure.CPU), seconds * SECOND, node, thread, builder.state("STATE_RUNNABLE"), value);
    }

    private Profile profile() {
        return builder.build(new ProfileInfo("test", 0, 100 * SECOND, new TreeMap<>(), new TreeMap<>(), 1, List.of()));
    }

    private static Profiles views(Profile... profiles) {
        List<ProfileSource> sources = new ArrayList<>();
        for (int i = 0; i < profiles.length; i++) {
            sources.add(ProfileSource.of("i" + i, profiles[i]));
        }
        return new Profiles(sources, List.of(), Merges.NONE);
    }

    private static Query query(String words) {
        Map<String, String> parameters = new TreeMap<>();
        String[] pairs = words.isEmpty() ? new String[0] : words.split(" ");
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], pairs[i + 1]);
        }
        return Query.of(parameters::get);
    }

    /** Without order among the lines of equal stacks. */
    private static Map<String, Long> stacks(FrameTree tree) throws IOException {
        Map<String, Long> stacks = new TreeMap<>();
        for (String line : lines(tree)) {
            int space = line.lastIndexOf(' ');
            stacks.merge(line.substring(0, space), Long.parseLong(line.substring(space + 1)), Long::sum);
        }
        return stacks;
    }

    private static List<String> lines(FrameTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree, out);
        return out.toString().lines().toList();
    }

    @Test
    void aFrameThatIsEnteredAgainIsThereAgain() throws IOException {
        // Not in the order of time, as profilers write them.
        sample(3, main, "a;b", 3);
        sample(1, main, "a;b", 1);
        sample(2, main, "a;c", 2);
        sample(4, main, "a;b", 4);
        sample(2, worker, "x", 20);

        FrameTree tree = new TimeOrderView(100).tree(query(""), views(profile()));

        assertThat(lines(tree)).containsExactly("worker;x.m 20", "main;a.m;b.m 1", "main;a.m;c.m 2", "main;a.m;b.m 7");
        assertThat(tree.total()).isEqualTo(30);
        assertThat(tree.size()).isEqualTo(8);
    }

    @Test
    void threadsOfSeveralInstancesAreToldApart() throws IOException {
        sample(1, main, "a", 1);
        Profile one = profile();

        assertThat(lines(new TimeOrderView(100).tree(query(""), views(one, one))))
                .containsExactlyInAnyOrder("i0 main;a.m 1", "i1 main;a.m 1");
    }

    @ParameterizedTest
    @MethodSource("io.davylamp.profile.view.ViewsTest#filters")
    void theSameSamplesAreInItAsInTheMergedTreeOfEachThread(String filter) throws IOException {
        for (String detail : List.of("method", "class", "line")) {
            String words = (filter + " detail " + detail).trim();
            Profiles views = views(ViewsTest.random(6));
            Query byThread = query(words + " by thread");

            FrameTree merged = views.tree(byThread);

            assertThat(stacks(new TimeOrderView(Integer.MAX_VALUE).tree(query(words), views)))
                    .as(words)
                    .isEqualTo(stacks(merged.sorted()));
        }
    }

    @Test
    void theBudgetKeepsTheLargestNodesInTheirOrder() throws IOException {
        Profiles views = views(ViewsTest.random(7));
        FrameTree whole = new TimeOrderView(Integer.MAX_VALUE).tree(query(""), views);

        FrameTree cut = new TimeOrderView(200).tree(query(""), views);

        assertThat(cut.size()).isEqualTo(200);
        assertThat(cut.total()).isEqualTo(whole.total());
        long smallest = Arrays.stream(totals(cut)).min().orElse(0);
        assertThat(Arrays.stream(totals(whole))
                        .filter(total -> total > smallest)
                        .count())
                .isLessThan(200);
        for (int i = 1; i < cut.size(); i++) {
            assertThat(cut.parent(i)).isLessThan(i);
            assertThat(cut.total(i)).isLessThanOrEqualTo(cut.total(cut.parent(i)));
        }
    }

    private static long[] totals(FrameTree tree) {
        long[] totals = new long[tree.size()];
        Arrays.setAll(totals, tree::total);
        return totals;
    }
}
