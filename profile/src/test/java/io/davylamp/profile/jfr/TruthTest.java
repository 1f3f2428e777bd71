package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.Measure;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.HotMethods;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an independent reader says of real recordings is what we say. It counts samples of processor time and wall clock, we time
 * them: its number times the interval is ours, and our number of samples is its number. {@code -Ddavylamp.recordings=FOLDER} runs it on another
 * folder of the same form, such as one with large recordings.
 */
class TruthTest {
    private static final Map<String, String> MEASURES = Map.of(
            "jdk.ExecutionSample", "cpu",
            "jdk.NativeMethodSample", "native",
            "profiler.WallClockSample", "wall",
            "alloc", "alloc",
            "lock", "lock");

    record Case(String file, JsonNode truth, byte[] bytes) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Case> recordings() throws IOException {
        String folder = System.getProperty("davylamp.recordings");
        InputStream truth = folder == null
                ? TruthTest.class.getResourceAsStream("/recordings/truth.json")
                : Files.newInputStream(Path.of(folder, "truth.json"));
        List<Case> cases = new ArrayList<>();
        for (JsonNode each : new ObjectMapper().readTree(truth)) {
            String file = each.get("file").asText();
            cases.add(new Case(
                    file, each, folder == null ? Recordings.bytes(file) : unpack(Path.of(folder, file + ".zst"))));
        }
        return cases.stream();
    }

    private static byte[] unpack(Path file) throws IOException {
        try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private static Profile read(Case recording) throws IOException {
        return JfrImport.read(
                SeekableBytes.of(recording.bytes()), NameRules.RAW, JfrLimits.DEFAULT, ProfileLimits.DEFAULT, 1);
    }

    /** The truth counts all parking as lock; of the JDK's own, which records all, that for work is waiting. */
    private static List<Map.Entry<String, JsonNode>> measures(Case recording) {
        return recording.truth().get("measures").properties().stream()
                .filter(entry ->
                        !entry.getKey().equals("lock") || !recording.file().startsWith("jdk"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void whatTheTruthCallsLockIsLockAndWaitTogether(Case recording) throws IOException {
        Profile profile = read(recording);
        JsonNode withStack = recording.truth().get("withStack");

        long waits = withStack.path("jdk.JavaMonitorWait").asLong()
                + withStack.path("jdk.ThreadSleep").asLong();
        long lock = recording.truth().get("measures").path("lock").path("count").asLong();
        assertThat(profile.summaries().stream()
                        .filter(summary -> summary.measure().equals(Measure.LOCK)
                                || summary.measure().equals(Measure.WAIT))
                        .mapToLong(MeasureSummary::events)
                        .sum())
                .isEqualTo(lock + waits);
    }

    /** What one of the truth's samples is to us. */
    private static long worth(MeasureSummary summary) {
        if (!summary.measure().isSampledTime()) {
            return 1;
        }
        assertThat(summary.intervalNanos())
                .as("interval of %s", summary.measure())
                .isPositive();
        return summary.intervalNanos();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void countsSumsThreadsAndTimesAreThoseOfTheJdksReader(Case recording) throws IOException {
        Profile profile = read(recording);

        measures(recording).forEach(entry -> {
            JsonNode expected = entry.getValue();
            Measure measure = profile.measure(MEASURES.get(entry.getKey()));
            assertThat(measure).as(entry.getKey()).isNotNull();
            MeasureSummary actual = profile.summaries().stream()
                    .filter(summary -> summary.measure().equals(measure))
                    .findFirst()
                    .orElseThrow();
            assertThat(actual.events())
                    .as("%s events", measure)
                    .isEqualTo(expected.get("count").asLong());
            assertThat(actual.total())
                    .as("%s total", measure)
                    .isEqualTo(expected.get("value").asLong() * worth(actual));
            if (measure.isSampledTime()) {
                assertThat(actual.samples())
                        .as("%s samples", measure)
                        .isEqualTo(expected.get("value").asLong());
            }
            assertThat(actual.stacks())
                    .as("%s stacks", measure)
                    .isEqualTo(expected.get("distinctStacks").asInt());
            assertThat(actual.threads())
                    .as("%s threads", measure)
                    .isEqualTo(expected.get("threads").asInt());
            assertThat(Math.floorDiv(actual.firstNanos(), 1_000_000L))
                    .as("%s first", measure)
                    .isEqualTo(expected.get("firstMs").asLong());
            assertThat(Math.floorDiv(actual.lastNanos(), 1_000_000L))
                    .as("%s last", measure)
                    .isEqualTo(expected.get("lastMs").asLong());
        });
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void everyEventTypeWithStacksIsAMeasureWithAllItsEvents(Case recording) throws IOException {
        Profile profile = read(recording);

        long expected = 0;
        for (JsonNode count : recording.truth().get("withStack")) {
            expected += count.asLong();
        }
        // Of some events a second measure tells another value: they are counted once.
        assertThat(profile.measures().entrySet().stream()
                        .filter(entry -> !entry.getKey().name().matches(".*\\.(time|bytes)"))
                        .mapToLong(entry -> entry.getValue().size())
                        .sum())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void theHottestMethodsAreThoseOfTheJdksReader(Case recording) throws IOException {
        Profile profile = read(recording);

        measures(recording).forEach(entry -> {
            Measure measure = profile.measure(MEASURES.get(entry.getKey()));
            long worth = profile.summaries().stream()
                    .filter(summary -> summary.measure().equals(measure))
                    .mapToLong(TruthTest::worth)
                    .findFirst()
                    .orElseThrow();
            Map<String, HotMethods.Row> rows = new TreeMap<>();
            for (HotMethods.Row row : HotMethods.of(FrameTree.of(profile, measure, Detail.METHOD))) {
                rows.put(row.name(), row);
            }
            for (JsonNode hot : entry.getValue().get("self")) {
                assertThat(rows.get(hot.get(0).asText()).self())
                        .as("%s self of %s", measure, hot)
                        .isEqualTo(hot.get(1).asLong() * worth);
            }
            for (JsonNode hot : entry.getValue().get("total")) {
                assertThat(rows.get(hot.get(0).asText()).total())
                        .as("%s total of %s", measure, hot)
                        .isEqualTo(hot.get(1).asLong() * worth);
            }
            long hottest =
                    rows.values().stream().mapToLong(HotMethods.Row::self).max().orElse(0);
            assertThat(hottest)
                    .isEqualTo(entry.getValue().get("self").get(0).get(1).asLong() * worth);
        });
    }
}
