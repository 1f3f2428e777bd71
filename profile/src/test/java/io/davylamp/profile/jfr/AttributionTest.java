package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.Measure;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.HotMethods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What samples are is told by the whole file: by settings in other chunks, by other events of the same cause, by states. */
class AttributionTest {
    private static final byte[] PAGE_FAULTS = Recordings.bytes("page_faults46_2chunks.jfr");
    private static final byte[] FIRST = Chunks.of(PAGE_FAULTS).get(0);
    private static final byte[] SECOND = Chunks.of(PAGE_FAULTS).get(1);
    private static final byte[] CPU = Recordings.bytes("demo_cpu40.jfr");
    private static final byte[] OLD_CPU = Recordings.bytes("demo_cpu29.jfr");
    private static final byte[] OLD_WALL = Recordings.bytes("demo_wall29.jfr");

    @TempDir
    private Path folder;

    private static Map<String, Long> samples(Profile profile) {
        return profile.summaries().stream()
                .collect(Collectors.toMap(
                        summary -> summary.measure().name(), MeasureSummary::samples, Long::sum, TreeMap::new));
    }

    private static Map<String, Long> samples(byte[]... chunks) throws IOException {
        Map<String, Long> samples = samples(JfrImport.read(Chunks.file(chunks)));
        samples.keySet().removeIf(name -> name.startsWith("alloc") || name.equals("lock"));
        return samples;
    }

    private static long count(byte[] recording) throws IOException {
        return samples(recording).values().stream().mapToLong(each -> each).sum();
    }

    private static MeasureSummary summary(Profile profile, String measure) {
        return profile.summaries().stream()
                .filter(each -> each.measure().name().equals(measure))
                .findFirst()
                .orElseThrow(() -> new AssertionError(measure + " is missing among " + samples(profile)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void laterChunksAreOfTheSettingsInTheFirst(int threads) throws IOException {
        Profile profile = JfrImport.read(SeekableBytes.of(PAGE_FAULTS), threads);

        assertThat(profile.measure("cpu")).isNull();
        assertThat(summary(profile, "page-faults").total()).isEqualTo(20);
        assertThat(profile.measure("page-faults").unit()).isEqualTo(Unit.EVENTS);
    }

    @Test
    void theOrderOfChunksDoesNotMatter() throws IOException {
        assertThat(samples(SECOND, FIRST)).isEqualTo(Map.of("page-faults", 20L));
    }

    @Test
    void aLaterChunkAloneIsOfAnUnknownEvent() throws IOException {
        Profile profile = JfrImport.read(Chunks.file(SECOND));

        assertThat(profile.measures().keySet()).extracting(Measure::name).doesNotContain("cpu", "wall");
        assertThat(summary(profile, "jdk.ExecutionSample").measure().unit()).isEqualTo(Unit.SAMPLES);
        assertThat(profile.info().warnings()).anyMatch(warning -> warning.contains("which event"));
    }

    @Test
    void settingsDoNotLeakIntoTheNextRecording() throws IOException {
        long cpu = count(CPU);

        assertThat(samples(FIRST, SECOND, CPU)).isEqualTo(Map.of("page-faults", 20L, "cpu", cpu));
        assertThat(samples(CPU, FIRST, SECOND)).isEqualTo(Map.of("page-faults", 20L, "cpu", cpu));
        assertThat(samples(FIRST, CPU, SECOND)).isEqualTo(Map.of("page-faults", 20L, "cpu", cpu));
    }

    @Test
    void aChunkThatFollowsNoOtherTakesNoSettings() throws IOException {
        long cpu = count(CPU);
        long second = count(SECOND);

        assertThat(samples(CPU, SECOND)).isEqualTo(Map.of("cpu", cpu, "jdk.ExecutionSample", second));
    }

    @Test
    void aFirstChunkDamagedBehindItsSettingsStillHasThem() throws IOException {
        byte[] damaged = Chunks.damagedAt("jdk.InitialSystemProperty", FIRST);

        assertThat(samples(damaged, SECOND)).containsOnlyKeys("page-faults");
    }

    @Test
    void aFirstChunkDamagedInItsSettingsLeavesTheEventUnknown() throws IOException {
        byte[] damaged = Chunks.damagedAt("jdk.ActiveSetting", FIRST);

        assertThat(samples(CPU, damaged, SECOND)).containsOnlyKeys("cpu", "jdk.ExecutionSample");
    }

    @Test
    void aChunkOfWhichNothingCanBeReadDoesNotBreakTheChain() throws IOException {
        byte[] unreadable = Chunks.startingAt(Chunks.endNanos(FIRST), SECOND);
        java.util.Arrays.fill(unreadable, 68, unreadable.length, (byte) 0xff);
        byte[] third = Chunks.startingAt(Chunks.endNanos(unreadable), SECOND);

        assertThat(samples(FIRST, unreadable, third)).isEqualTo(Map.of("page-faults", 20L));
    }

    /** Engines of processor time say before 3.0 that all threads run, so only settings tell them from the wall clock. */
    @ParameterizedTest
    @ValueSource(strings = {"2.9", "2.x", "-ea", "   ", "9.9"})
    void theVersionDoesNotMatter(String version) throws IOException {
        assertThat(samples(Chunks.with("2.9", version, OLD_CPU))).containsOnlyKeys("cpu");
        assertThat(samples(Chunks.with("2.9", version, OLD_WALL))).containsOnlyKeys("wall");
        assertThat(samples(Chunks.with("4.0", version, CPU))).containsOnlyKeys("cpu");
    }

    @Test
    void laterChunksOfOlderProfilersAreOfTheEngineThatRan() throws IOException {
        byte[] laterWall = Chunks.startingAt(Chunks.endNanos(OLD_WALL), Chunks.without("jdk.ActiveSetting", OLD_WALL));
        byte[] laterCpu = Chunks.startingAt(Chunks.endNanos(OLD_CPU), Chunks.without("jdk.ActiveSetting", OLD_CPU));

        assertThat(samples(OLD_WALL, laterWall)).isEqualTo(Map.of("wall", 2 * count(OLD_WALL)));
        assertThat(samples(OLD_CPU, laterCpu)).isEqualTo(Map.of("cpu", 2 * count(OLD_CPU)));
        assertThat(samples(OLD_CPU, laterCpu, OLD_WALL, laterWall))
                .isEqualTo(Map.of("cpu", 2 * count(OLD_CPU), "wall", 2 * count(OLD_WALL)));
    }

    @Test
    void threadsThatSleepTellTheWallClockEngineWithoutSettings() throws IOException {
        Profile profile = JfrImport.read(Chunks.file(Chunks.without("jdk.ActiveSetting", OLD_WALL)));

        assertThat(profile.measures().keySet()).containsExactly(Measure.WALL.inSamples());
        assertThat(profile.info().warnings()).anyMatch(warning -> warning.contains("interval"));
    }

    @Test
    void samplesOfDifferentIntervalsAreAddedAsTime() throws IOException {
        byte[] slower = OLD_CPU; // 20 ms
        byte[] faster = Chunks.with("20000000", "10000000", OLD_CPU);

        MeasureSummary cpu = summary(JfrImport.read(Chunks.file(slower, faster)), "cpu");

        assertThat(cpu.samples()).isEqualTo(2 * count(OLD_CPU));
        assertThat(cpu.total()).isEqualTo(count(OLD_CPU) * 30_000_000);
        assertThat(cpu.intervalNanos()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"00000000, 10000000", "90000000, 90000000", "-1000000, -1", "xxxxxxxx, -1"})
    void anIntervalOfNothingIsTheDefaultAndNonsenseIsUnknown(String interval, long nanos) throws IOException {
        MeasureSummary cpu = summary(JfrImport.read(Chunks.file(Chunks.with("20000000", interval, OLD_CPU))), "cpu");

        assertThat(cpu.measure()).isEqualTo(nanos < 0 ? Measure.CPU.inSamples() : Measure.CPU);
        assertThat(cpu.total()).isEqualTo(nanos < 0 ? cpu.samples() : cpu.samples() * nanos);
    }

    @Test
    void knownAndUnknownIntervalsOfOneFileAreCounted() throws IOException {
        byte[] unknown = Chunks.with("20000000", "xxxxxxxx", OLD_CPU);

        Profile profile = JfrImport.read(Chunks.file(OLD_CPU, unknown));

        MeasureSummary cpu = summary(profile, "cpu");
        assertThat(cpu.measure()).isEqualTo(Measure.CPU.inSamples());
        assertThat(cpu.total()).isEqualTo(cpu.samples()).isEqualTo(2 * count(OLD_CPU));
        assertThat(profile.info().warnings()).anyMatch(warning -> warning.contains("counted, not timed"));
    }

    @Test
    void oneAllocationIsNeverCountedTwice() throws IOException {
        byte[] both = Recordings.bytes("jdk17_alloc_both.jfr");

        for (byte[][] file : new byte[][][] {{both}, {both, Chunks.without("jdk.ObjectAllocationSample", both)}}) {
            Profile profile = JfrImport.read(Chunks.file(file));
            assertThat(summary(profile, "alloc").total()).isEqualTo(file.length * 421_655_352L);
            assertThat(summary(profile, "jdk.ObjectAllocationSample").total()).isEqualTo(436_699_368L);
            assertThat(profile.info().warnings()).anyMatch(warning -> warning.contains("alloc was recorded"));
        }
        byte[] samplesOnly = Chunks.without(
                "jdk.ObjectAllocationInNewTLAB", Chunks.without("jdk.ObjectAllocationOutsideTLAB", both));
        assertThat(summary(JfrImport.read(Chunks.file(samplesOnly)), "alloc").total())
                .isEqualTo(436_699_368L);
    }

    @Test
    void theProfilersOwnEventsGoBeforeTheJdksOfTheSameCause() throws IOException {
        byte[] profilers = Recordings.bytes("small_spring_multi45.jfr");
        byte[] jdks = Recordings.bytes("jdk_small_lucene.jfr");

        Map<String, Long> alone = samples(JfrImport.read(SeekableBytes.of(profilers)));
        Map<String, Long> together = samples(JfrImport.read(Chunks.file(profilers, jdks)));

        assertThat(together).containsEntry("cpu", alone.get("cpu")).containsEntry("alloc", alone.get("alloc"));
        assertThat(together).containsEntry("jdk.ExecutionSample", 1_030L);
        assertThat(together).containsEntry("jdk.ObjectAllocationSample", 3_058L);
    }

    @Test
    void processorTimeOfJdk25IsCpuAndItsExecutionSamplesStandBeside() throws IOException {
        Path file = Files.write(folder.resolve("cputime.jfr"), Recordings.bytes("jdk25_cputime.jfr"));
        Map<String, Long> judge = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getStackTrace() != null
                        || event.getEventType().getName().equals("jdk.CPUTimeSample"))
                .collect(Collectors.groupingBy(event -> event.getEventType().getName(), Collectors.counting()));

        Profile profile = JfrImport.read(SeekableBytes.of(Files.readAllBytes(file)));

        MeasureSummary cpu = summary(profile, "cpu");
        assertThat(cpu.samples()).isEqualTo(judge.get("jdk.CPUTimeSample"));
        assertThat(cpu.total()).isBetween(cpu.samples() * 9_999_000, cpu.samples() * 10_001_000);
        MeasureSummary execution = summary(profile, "jdk.ExecutionSample");
        assertThat(execution.samples()).isEqualTo(judge.get("jdk.ExecutionSample"));
        assertThat(execution.total()).isEqualTo(execution.samples() * 20_000_000);
    }

    @Name("tst.CPUTimeSample")
    static class CpuTimeSample extends Event {
        @Timespan(Timespan.TICKS)
        long samplingPeriod;

        boolean failed;
    }

    @Name("tst.CPUTimeSamplesLost")
    @StackTrace(false)
    static class CpuTimeSamplesLost extends Event {
        int lostSamples;
    }

    @Test
    void processorTimeWhoseStackCouldNotBeWalkedCountsAndLostSamplesAreToldOf() throws IOException {
        Path file = folder.resolve("failed.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ActiveSetting");
            recording.enable(CpuTimeSample.class).withStackTrace();
            recording.start();
            sample(false);
            recording.enable(CpuTimeSample.class).withoutStackTrace();
            sample(true);
            sample(true);
            CpuTimeSamplesLost lost = new CpuTimeSamplesLost();
            lost.lostSamples = 30;
            lost.commit();
            lost.commit();
            recording.dump(file);
        }
        // As a JDK 25 names them, whether or not this one has such types itself.
        byte[] chunk = Chunks.with("jdk.CPUTimeSample", "old.CPUTimeSample", Files.readAllBytes(file));
        Profile profile = JfrImport.read(Chunks.file(Chunks.with("tst.CPUTimeSample", "jdk.CPUTimeSample", chunk)));

        assertThat(summary(profile, "cpu").samples()).isEqualTo(3);
        Map<String, Long> methods = HotMethods.of(FrameTree.of(profile, Measure.CPU, Detail.METHOD)).stream()
                .collect(Collectors.toMap(HotMethods.Row::name, HotMethods.Row::total));
        assertThat(methods.get("[not_walkable]"))
                .isEqualTo(2 * methods.get(AttributionTest.class.getName() + ".sample"))
                .isPositive();
        assertThat(profile.info().warnings())
                .anyMatch(warning -> warning.startsWith("the JVM lost 60 samples of processor time"))
                .noneMatch(warning -> warning.contains("without a stack"));
        // The JDK tells a period of samplers that are off, too.
        assertThat(profile.info().settings()).doesNotContainKeys("interval", "native-interval");
    }

    @Name("tst.DataLoss")
    @StackTrace(false)
    static class Lost extends Event {
        long amount;

        long total;

        Lost(long amount, long total) {
            this.amount = amount;
            this.total = total;
        }
    }

    @Test
    void bytesOfEventsThatTheJvmLostAreToldOfAlsoWhereMostOfItsWordsOfThemAreLost() throws IOException {
        Path file = folder.resolve("lost.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(CpuTimeSample.class).withStackTrace();
            recording.start();
            sample(false);
            new Lost(0, 0).commit();
            new Lost(7_000, 17_000).commit();
            new Lost(7_000, 2_010_000).commit();
            recording.dump(file);
        }
        byte[] chunk = Chunks.with("jdk.DataLoss", "old.DataLoss", Files.readAllBytes(file));
        Profile profile = JfrImport.read(Chunks.file(Chunks.with("tst.DataLoss", "jdk.DataLoss", chunk)));

        assertThat(profile.info().warnings())
                .anyMatch(warning -> warning.startsWith("the JVM lost at least 2000000 bytes of events"));
    }

    @Test
    void lossesOfSeveralChunksAddUp() {
        DataLoss first = DataLoss.NONE.plus(10, 10).plus(20, 30);
        DataLoss second = DataLoss.NONE.plus(5, 5).plus(-1, 3).plus(9, 2);

        assertThat(first.plus(second).warning()).startsWith("the JVM lost at least 35 bytes");
        assertThat(DataLoss.NONE.plus(DataLoss.NONE).warning()).isNull();
        assertThat(DataLoss.NONE.plus(Long.MAX_VALUE, Long.MAX_VALUE).plus(2, 2).warning())
                .startsWith("the JVM lost at least " + Long.MAX_VALUE);
    }

    private static void sample(boolean failed) {
        CpuTimeSample sample = new CpuTimeSample();
        sample.samplingPeriod = 10_000_000;
        sample.failed = failed;
        sample.commit();
    }

    @Test
    void samplesOfTheJdkAreWorthItsPeriod() throws IOException {
        Profile profile = JfrImport.read(Recordings.source("jdk_small_lucene.jfr"));

        MeasureSummary cpu = summary(profile, "cpu");
        assertThat(cpu.measure()).isEqualTo(Measure.CPU);
        assertThat(cpu.total())
                .isEqualTo(
                        cpu.samples() * Periods.nanos(profile.info().settings().get("interval")));
        assertThat(summary(profile, "native").measure()).isEqualTo(Measure.NATIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "20 ms, 20000000",
        "10ms, 10000000",
        "1 s, 1000000000",
        "100 us, 100000",
        "everyChunk, -1",
        "0 s, -1",
        "'', -1",
        "99999999 d, -1"
    })
    void periodsAreReadAsTheJdkWritesThem(String period, long nanos) {
        assertThat(Periods.nanos(period)).isEqualTo(nanos);
    }

    @Test
    void onlyParkingForALockIsContention() throws Exception {
        Path file = folder.resolve("parks.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ThreadPark").withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            park();
            recording.dump(file);
        }
        long locked = 0;
        long waited = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getEventType().getName().equals("jdk.ThreadPark") && event.getStackTrace() != null) {
                RecordedClass parked = event.getClass("parkedClass");
                boolean lock = parked != null
                        && List.of("ReentrantLock", "ReentrantReadWriteLock", "Semaphore").stream()
                                .anyMatch(name -> parked.getName()
                                        .matches("java\\.util\\.concurrent\\.(locks\\.)?" + name + "(\\$.*)?"));
                locked += lock ? event.getDuration().toNanos() : 0;
                waited += lock ? 0 : event.getDuration().toNanos();
            }
        }

        Profile profile = JfrImport.read(SeekableBytes.of(Files.readAllBytes(file)));

        assertThat(locked).isPositive();
        assertThat(waited).isPositive();
        assertThat(summary(profile, "lock").total()).isEqualTo(locked);
        assertThat(summary(profile, "wait").total()).isEqualTo(waited);
    }

    /** Waits for a lock of each kind, for work, and for nothing. */
    private static void park() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        ReentrantReadWriteLock both = new ReentrantReadWriteLock();
        Semaphore semaphore = new Semaphore(0);
        lock.lock();
        both.writeLock().lock();
        CountDownLatch done = new CountDownLatch(3);
        Thread first = new Thread(() -> {
            lock.lock();
            done.countDown();
        });
        Thread second = new Thread(() -> {
            both.readLock().lock();
            done.countDown();
        });
        Thread third = new Thread(() -> {
            semaphore.acquireUninterruptibly();
            done.countDown();
        });
        for (Thread thread : List.of(first, second, third)) {
            thread.start();
            while (LockSupport.getBlocker(thread) == null) {
                Thread.onSpinWait();
            }
        }
        new SynchronousQueue<String>().poll(5, java.util.concurrent.TimeUnit.MILLISECONDS);
        LockSupport.parkNanos(5_000_000);
        lock.unlock();
        both.writeLock().unlock();
        semaphore.release();
        done.await();
    }
}
