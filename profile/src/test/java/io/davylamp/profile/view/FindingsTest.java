package io.davylamp.profile.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.FrameKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each rule of what stands out: at its threshold it speaks, just below it does not. */
class FindingsTest {
    private static final long WHOLE = 10_000;

    /** A profile in which nothing stands out, to be changed in one respect. */
    private String measure = "cpu";

    private Long samples = 1_000L;
    private Long overhead = 0L;
    private List<HotMethods.Row> methods = List.of();
    private long kernel;
    private List<ThreadTable.Row> threads = List.of();
    private Map<String, Long> instances = Map.of();
    private long[] cells = {1, 1};
    private long lengthNanos = 20_000_000_000L;

    private List<Findings.Finding> found() {
        return Findings.of(new Findings.Evidence(
                measure,
                WHOLE,
                samples,
                lengthNanos,
                overhead,
                methods,
                kernel,
                threads,
                instances,
                cells,
                lengthNanos / cells.length));
    }

    private List<String> rules() {
        return found().stream().map(Findings.Finding::rule).toList();
    }

    private static HotMethods.Row method(String name, FrameKind kind, long self) {
        return new HotMethods.Row(name, kind, self, self, 0, 0, 1);
    }

    private static ThreadTable.Row thread(String name, long total) {
        return new ThreadTable.Row(name, total, total, 1, new TreeMap<>());
    }

    @Test
    void nothingStandsOutWhereNothingDoes() {
        assertThat(found()).isEmpty();
    }

    @Test
    void tooFewSamplesSayNothingElse() {
        samples = 99L;
        kernel = WHOLE;
        assertThat(rules()).containsExactly("few-samples");
        assertThat(found().get(0).text()).startsWith("Only 99 samples: shares below 10 %");

        samples = 10L;
        assertThat(found().get(0).text()).startsWith("Only 10 samples: any share may be chance.");

        samples = 100L;
        assertThat(rules()).containsExactly("kernel");
    }

    @Test
    void theHottestMethodOutsideTheJdkStandsOut() {
        methods = List.of(
                method("java.util.HashMap.get", FrameKind.JIT, 6_000),
                method("memcpy", FrameKind.NATIVE, 5_000),
                method("com.shop.Cart.add", FrameKind.JIT, 1_500));
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.text()).isEqualTo("Cart.add uses 15.0 % of the CPU time itself.");
            assertThat(finding.words()).containsEntry("method", "com.shop.Cart.add");
        });

        methods = List.of(method("com.shop.Cart.add", FrameKind.JIT, 1_499));
        assertThat(rules()).isEmpty();
    }

    @Test
    void threadsThatWaitedForLocksStandOut() {
        measure = "lock";
        lengthNanos = WHOLE * 10;
        assertThat(rules()).containsExactly("contention");

        lengthNanos++;
        assertThat(rules()).isEmpty();
    }

    @Test
    void theCollectorAndTheCompilersStandOutByTheirThreads() {
        threads = List.of(thread("GC Thread#1", 300), thread("G1 Conc#0", 200), thread("C2 CompilerThre", 1_000));
        assertThat(rules()).containsExactly("gc", "jit");
        assertThat(found().get(0).text()).isEqualTo("Garbage collection uses 5.0 % of the CPU time.");

        threads = List.of(thread("GC Thread#1", 499), thread("C2 CompilerThre", 999));
        assertThat(rules()).isEmpty();
        measure = "alloc";
        threads = List.of(thread("GC Thread#1", 5_000));
        assertThat(rules()).isEmpty();
    }

    @Test
    void theKernelStandsOut() {
        kernel = 2_000;
        assertThat(rules()).containsExactly("kernel");
        kernel = 1_999;
        assertThat(rules()).isEmpty();
    }

    @Test
    void oneOfManyThreadsStandsOut() {
        threads = List.of(thread("busy*", 6_000), thread("b", 1), thread("c", 1), thread("d", 1));
        assertThat(rules()).containsExactly("odd-thread");
        assertThat(found().get(0).words()).containsEntry("threads", "busy?");

        threads = List.of(thread("busy", 6_000), thread("b", 1), thread("c", 1));
        assertThat(rules()).isEmpty();
        threads = List.of(thread("busy", 5_999), thread("b", 1), thread("c", 1), thread("d", 1));
        assertThat(rules()).isEmpty();
    }

    @Test
    void oneOfManyInstancesStandsOut() {
        instances = Map.of("a", 10L, "b", 10L, "c", 20L);
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.text()).isEqualTo("Instance c has 2.0 times the median of the CPU time.");
            assertThat(finding.words()).containsEntry("instance", "c");
        });

        instances = Map.of("a", 10L, "b", 10L, "c", 19L);
        assertThat(rules()).isEmpty();
        instances = Collections.singletonMap("a", 10L);
        assertThat(rules()).isEmpty();
    }

    @Test
    void aChangeInTimeStandsOutAndIsCompared() {
        cells = new long[] {5, 5, 10, 10};
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("change");
            assertThat(finding.words())
                    .containsEntry("from", "10.0s")
                    .containsEntry("to", "20.0s")
                    .containsEntry("base-from", "0.0s")
                    .containsEntry("base-to", "10.0s");
        });

        cells = new long[] {5, 5, 10, 9};
        assertThat(rules()).isEmpty();
        cells = new long[] {5, 5, 10, 10};
        lengthNanos = 9_000_000_000L;
        assertThat(rules()).isEmpty();
    }

    @Test
    void theProfilerStandsOut() {
        overhead = WHOLE / 19 + 1;
        assertThat(rules()).containsExactly("profiler");
        overhead = WHOLE / 20;
        assertThat(rules()).isEmpty();
    }
}
