package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Series;
import io.davylamp.profile.codec.ProfileCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event of async-profiler 4.6, and a JDK 25 with virtual threads; the JDK's own reader is the judge. */
class EventsTest {
    private static final String ALL_EVENTS = "all_events46.jfr";

    @TempDir
    private Path folder;

    private List<RecordedEvent> judge(String file) throws IOException {
        return RecordingFile.readAllEvents(Files.write(folder.resolve(file), Recordings.bytes(file)));
    }

    private static Profile read(String file) throws IOException {
        return JfrImport.read(Recordings.source(file));
    }

    private static long total(Profile profile, String measure) {
        return profile.summaries().stream()
                .filter(summary -> summary.measure().name().equals(measure))
                .findFirst()
                .orElseThrow()
                .total();
    }

    private static long samples(Profile profile, String measure) {
        return profile.summaries().stream()
                .filter(summary -> summary.measure().name().equals(measure))
                .findFirst()
                .orElseThrow()
                .samples();
    }

    @Test
    void everyEventOfTheProfilerIsItsMeasure() throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        for (RecordedEvent event : judge(ALL_EVENTS)) {
            if (event.getStackTrace() == null) {
                continue;
            }
            String type = event.getEventType().getName();
            switch (type) {
                case "jdk.ExecutionSample" -> expected.merge("cpu", 1L, Long::sum);
                case "profiler.WallClockSample" -> expected.merge("wall", (long) event.getInt("samples"), Long::sum);
                case "jdk.ObjectAllocationInNewTLAB" -> expected.merge("alloc", event.getLong("tlabSize"), Long::sum);
                case "profiler.LiveObject" -> expected.merge("live", event.getLong("allocationSize"), Long::sum);
                case "profiler.Malloc" -> expected.merge("native-memory", event.getLong("size"), Long::sum);
                case "profiler.NativeLock" ->
                    expected.merge("native-lock", event.getDuration().toNanos(), Long::sum);
                case "jdk.MethodTrace" ->
                    expected.merge("method", event.getDuration().toNanos(), Long::sum);
                case "jdk.JavaMonitorEnter" ->
                    expected.merge("lock", event.getDuration().toNanos(), Long::sum);
                default -> {}
            }
        }

        Profile profile = read(ALL_EVENTS);

        assertThat(expected).containsKeys("cpu", "wall", "alloc", "live", "native-memory", "method");
        expected.merge("cpu", 0L, (samples, zero) -> samples * 2_000_000); // interval=2ms
        expected.merge("wall", 0L, (samples, zero) -> samples * 10_000_000);
        expected.forEach((measure, total) ->
                assertThat(total(profile, measure)).as(measure).isEqualTo(total));
    }

    /** Before version 3 every sample has a thread state, whichever engine took it. */
    @ParameterizedTest
    @CsvSource({"demo_cpu29.jfr, cpu", "demo_wall29.jfr, wall", "demo_cpu40.jfr, cpu"})
    void olderProfilersSamplesAreOfTheEngineThatRan(String file, String measure) throws IOException {
        long samples = judge(file).stream()
                .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
                .count();

        Profile profile = read(file);

        assertThat(samples(profile, measure)).isEqualTo(samples).isPositive();
        assertThat(profile.measures().keySet())
                .extracting(Measure::name)
                .doesNotContain(measure.equals("cpu") ? "wall" : "cpu");
    }

    @Test
    void whatIsNotFreedIsTheLeak() throws IOException {
        List<RecordedEvent> events = new ArrayList<>(judge(ALL_EVENTS));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        Map<Long, Long> live = new HashMap<>();
        for (RecordedEvent event : events) {
            switch (event.getEventType().getName()) {
                case "profiler.Malloc" -> live.put(event.getLong("address"), event.getLong("size"));
                case "profiler.Free" -> live.remove(event.getLong("address"));
                default -> {}
            }
        }

        assertThat(total(read(ALL_EVENTS), "native-leak"))
                .isEqualTo(live.values().stream().mapToLong(size -> size).sum());
    }

    @Test
    void spansSeriesAndTheEngineAreKeptAndSecretsAreNot() throws IOException {
        Profile profile = read(ALL_EVENTS);

        assertThat(profile.spans().size()).isEqualTo(1);
        assertThat(profile.symbols().get(profile.spans().tag()[0])).isEqualTo("checkout");
        assertThat(profile.spans().durationNanos()[0]).isBetween(20_000_000L, 200_000_000L);
        assertThat(profile.threads().name()[profile.spans().thread()[0]]).isNotEmpty();
        assertThat(profile.info().settings())
                .containsEntry("engine", "perf_events")
                .containsEntry("event", "cpu");
        assertThat(profile.info().settings()).doesNotContainKeys("begin", "end");
        assertThat(profile.info().host()).containsKeys("os", "cores");
        assertThat(read("jdk_small_lucene.jfr").series())
                .extracting(Series::name)
                .contains("cpu-machine", "cpu-user", "heap-used", "heap-committed");
    }

    @Test
    void liveObjectsStandAtTheTimeOfTheirAllocation() throws IOException {
        Profile profile = read(ALL_EVENTS);

        Samples live = profile.measures().get(Measure.LIVE);
        long distinct = 0;
        long last = -1;
        for (int i = 0; i < live.blocks().get(0).size(); i++) {
            distinct += live.blocks().get(0).timeNanos(i) != last ? 1 : 0;
            last = live.blocks().get(0).timeNanos(i);
        }
        assertThat(distinct).isGreaterThan(10); // they are written all at once, at the end
    }

    @Test
    void virtualThreadsOfJdk25AreToldApart() throws IOException {
        Profile profile = read("jdk25_virtual.jfr");
        Map<String, Long> counts = new TreeMap<>();
        for (RecordedEvent event : judge("jdk25_virtual.jfr")) {
            if (event.getStackTrace() != null) {
                counts.merge(event.getEventType().getName(), 1L, Long::sum);
            }
        }

        assertThat(profile.measures().entrySet().stream()
                        .filter(entry -> !entry.getKey().name().matches(".*\\.(time|bytes)"))
                        .mapToLong(entry -> entry.getValue().size())
                        .sum())
                .isEqualTo(counts.values().stream().mapToLong(count -> count).sum());
        for (int t = 0; t < profile.threads().size(); t++) {
            String name = profile.threads().name()[t];
            if (name.startsWith("v-") || name.equals("main")) {
                assertThat(profile.threads().virtual()[t]).as(name).isEqualTo(name.startsWith("v-"));
            }
        }
        assertThat(profile.threads().name()).contains("v-0", "main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"small_spring_multi45.jfr", ALL_EVENTS})
    void chunksReadTogetherGiveTheSameProfile(String file) throws IOException {
        byte[] one = Recordings.bytes(file);
        byte[] four = new byte[one.length * 4];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(one, 0, four, i * one.length, one.length);
        }

        assertThat(stored(four, 3)).isEqualTo(stored(four, 1));
        assertThat(JfrImport.read(SeekableBytes.of(four), 3).summaries().get(0).total())
                .isEqualTo(4
                        * JfrImport.read(SeekableBytes.of(one))
                                .summaries()
                                .get(0)
                                .total());
    }

    private static byte[] stored(byte[] recording, int threads) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProfileCodec.write(
                JfrImport.read(
                        SeekableBytes.of(recording),
                        NameRules.CURRENT,
                        JfrLimits.DEFAULT,
                        ProfileLimits.DEFAULT,
                        threads),
                out);
        return out.toByteArray();
    }
}
