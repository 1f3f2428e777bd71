package io.davylamp.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.TreeSum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisTreeTest {
    private static final FrameTree TREE = tree();

    private static FrameTree tree() {
        try {
            return FrameTree.of(JfrImport.read(Recordings.source("small_h2_cpu45.jfr")), Measure.CPU, Detail.LINE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JIT, com.acme.Cart.total:118, com.acme.Cart.total:118",
        "JIT, pkg.A$$Lambda+0x00007f8177090218.543846639.run:5, pkg.A$$Lambda.run:5",
        "INLINED, pkg.A$$Lambda$14.0x0000000800c03000.run, pkg.A$$Lambda$14.run",
        "INTERPRETED, pkg.A$$Lambda.0x00007f81.run:7, pkg.A$$Lambda.run:7",
        "CLASS, pkg.A$$Lambda+0x00007f8177090218.543846639, pkg.A$$Lambda",
        "CLASS, byte[], byte[]",
        "CLASS, unknown, null",
        "KERNEL, finish_task_switch.isra.0, finish_task_switch.isra.0",
        "CPP, std::vector<int>::f.1, std::vector<int>::f.1",
        "UNKNOWN, unknown, unknown",
        "JIT, a.B.<init>:1, a.B.<init>:1"
    })
    void textsAreThoseOfSkyWalking(FrameKind kind, String ours, String theirs) {
        assertThat(AnalysisTree.text(ours, kind)).isEqualTo(theirs);
    }

    @ParameterizedTest
    @CsvSource({
        "JIT, pkg.A$$Lambda$14.0x0000000800c03000.run:3, pkg.A$$Lambda.run:3",
        "CLASS, pkg.A$$Lambda$14.0x0000000800c03000, pkg.A$$Lambda",
        "JIT, pkg.A$$Lambda$14.run, pkg.A$$Lambda.run",
        "JIT, pkg.A$14.run, pkg.A$14.run"
    })
    void textsOfSeveralJvmsHoldNoNumberThatOneOfThemGave(FrameKind kind, String ours, String merged) {
        assertThat(AnalysisTree.textOfSeveral(ours, kind)).isEqualTo(merged);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 3_000, 100, 10, 2})
    void addsUpWithinEveryBudget(int max) {
        List<AnalysisTree.Element> elements = AnalysisTree.of(TREE, max);

        assertThat(elements).hasSizeLessThanOrEqualTo(max);
        assertThat(elements.get(0)).isEqualTo(new AnalysisTree.Element("0", "-1", "", TREE.total(), TREE.self(0)));
        Map<String, Long> children = new HashMap<>();
        Map<String, Integer> places = new HashMap<>();
        for (AnalysisTree.Element element : elements) {
            assertThat(element.id()).isEqualTo(Integer.toString(places.size()));
            if (!element.parentId().equals("-1")) {
                assertThat(places).as("parents come first").containsKey(element.parentId());
            }
            places.put(element.id(), places.size());
            children.merge(element.parentId(), element.total(), Long::sum);
        }
        for (AnalysisTree.Element element : elements) {
            assertThat(element.self() + children.getOrDefault(element.id(), 0L))
                    .as(element.toString())
                    .isEqualTo(element.total());
        }
        assertThat(elements.stream().anyMatch(each -> each.codeSignature().equals(AnalysisTree.REMAINDER)))
                .isEqualTo(max < TREE.size());
    }

    @Test
    void siblingsAreByTotalThenByText() {
        Map<String, AnalysisTree.Element> last = new HashMap<>();
        for (AnalysisTree.Element element : AnalysisTree.of(TREE, Integer.MAX_VALUE)) {
            AnalysisTree.Element before = last.put(element.parentId(), element);
            if (before != null) {
                assertThat(before.total()).isGreaterThanOrEqualTo(element.total());
                if (before.total() == element.total()) {
                    assertThat(before.codeSignature()).isLessThan(element.codeSignature());
                }
            }
        }
    }

    @Test
    void whatIsTakenAwayAgainIsGone() {
        FrameTree nothing = new TreeSum(Measure.CPU, AnalysisTree::text)
                .add(TREE)
                .subtract(TREE)
                .build();
        FrameTree twice =
                new TreeSum(Measure.CPU, AnalysisTree::text).add(TREE).add(TREE).build();

        assertThat(nothing.size()).isOne();
        assertThat(nothing.total()).isZero();
        assertThat(twice.total()).isEqualTo(2 * TREE.total());
    }
}
