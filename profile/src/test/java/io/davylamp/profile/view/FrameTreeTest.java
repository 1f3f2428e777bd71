package io.davylamp.profile.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.export.Collapsed;
import io.davylamp.profile.jfr.JfrImport;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrameTreeTest {
    private static Profile profile(String... stacks) {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        for (String stack : stacks) {
            int node = 0;
            for (String frame : stack.split(";")) {
                int dot = frame.lastIndexOf('.');
                FrameKind kind = frame.startsWith("class ") ? FrameKind.CLASS : FrameKind.JIT;
                String className = kind == FrameKind.CLASS ? frame.substring(6) : frame.substring(0, Math.max(0, dot));
                String method = kind == FrameKind.CLASS ? "" : frame.substring(dot + 1);
                node = builder.child(node, builder.frame(builder.method(className, className, method), 0, kind));
            }
            builder.add(builder.samples(Measure.CPU), 0, node, builder.thread("main", 1, 1, false), (byte) 0, 1);
        }
        return builder.build(new ProfileInfo("test", 0, 1, new TreeMap<>(), new TreeMap<>(), 1, List.of()));
    }

    private static String collapsed(FrameTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree.sorted(), out);
        return out.toString();
    }

    private static FrameTree merged(Profile... profiles) {
        TreeBuilder builder = new TreeBuilder(Measure.CPU, Detail.METHOD);
        for (Profile profile : profiles) {
            builder.add(profile, ProfileFilter.ALL);
        }
        return builder.build();
    }

    @Test
    void mergesEqualFramesOfDifferentProfiles() throws IOException {
        FrameTree tree = merged(profile("a.A.run;a.B.x", "a.A.run"), profile("a.A.run;a.B.x", "a.A.run;a.B.y"));

        assertThat(collapsed(tree)).isEqualTo("a.A.run 1\na.A.run;a.B.x 2\na.A.run;a.B.y 1\n");
        assertThat(tree.total()).isEqualTo(4);
    }

    @Test
    void theOrderOfMergingChangesNothing() throws IOException {
        Profile one = JfrImport.read(Recordings.source("small_spring_multi45.jfr"));
        Profile two = JfrImport.read(Recordings.source("small_spring_sw30.jfr"));

        assertThat(collapsed(merged(one, two))).isEqualTo(collapsed(merged(two, one)));
    }

    @Test
    void totalIsSelfAndChildren() throws IOException {
        FrameTree tree =
                FrameTree.of(JfrImport.read(Recordings.source("small_h2_cpu45.jfr")), Measure.CPU, Detail.LINE);

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
    void recursionCountsASampleOnce() {
        List<HotMethods.Row> rows = HotMethods.of(merged(profile("A.a;A.b;A.a;A.a", "A.a;A.b")));

        assertThat(rows)
                .extracting(HotMethods.Row::name, HotMethods.Row::self, HotMethods.Row::total)
                .containsExactly(tuple("A.a", 1L, 2L), tuple("A.b", 1L, 2L));
    }

    @Test
    void theClassOfAnAllocationIsNoMethodEvenIfItsNameIs() {
        List<HotMethods.Row> rows = HotMethods.of(merged(profile("A.make;class A.make", "A.make;A.make")));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).self()).isEqualTo(2);
        assertThat(rows.get(0).total()).isEqualTo(2);
    }

    @Test
    void framesOfOneClassOrPackageThatFollowEachOtherAreOne() throws IOException {
        Profile profile = profile("p.A.a;p.A.b;p.B.c", "p.A.a;p.A.b;q.C.d");

        assertThat(collapsed(FrameTree.of(profile, Measure.CPU, Detail.CLASS))).isEqualTo("p.A;p.B 1\np.A;q.C 1\n");
        assertThat(collapsed(FrameTree.of(profile, Measure.CPU, Detail.PACKAGE)))
                .isEqualTo("p 1\np;q 1\n");
    }

    @Test
    void cuttingKeepsTheLargestNodesAndAllTotals() throws IOException {
        FrameTree tree =
                FrameTree.of(JfrImport.read(Recordings.source("small_h2_cpu45.jfr")), Measure.CPU, Detail.METHOD);

        FrameTree cut = tree.cut(50);

        assertThat(cut.size()).isEqualTo(50);
        assertThat(cut.total()).isEqualTo(tree.total());
        long[] children = new long[50];
        for (int i = 49; i > 0; i--) {
            assertThat(cut.total(i)).isGreaterThanOrEqualTo(cut.self(i) + children[i]);
            children[cut.parent(i)] += cut.total(i);
        }
    }
}
