package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording lacks is told of, with numbers; and who wrote it. */
class RecordingWarningsTest {
    private static final byte[] CPU = Recordings.bytes("demo_cpu40.jfr");
    private static final long HOUR = 3_600_000_000_000L;

    @TempDir
    private Path folder;

    @Name("test.Some")
    static class Some extends Event {}

    @Name("test.None")
    static class None extends Event {}

    @Test
    void eventsWithoutAStackAreCounted() throws IOException {
        Path file = folder.resolve("some.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(Some.class).withStackTrace();
            recording.enable(None.class).withoutStackTrace();
            recording.start();
            new Some().commit();
            new Some().commit();
            recording.enable(Some.class).withoutStackTrace();
            new Some().commit();
            new None().commit();
            recording.stop();
            recording.dump(file);
        }

        Profile profile = JfrImport.read(SeekableBytes.of(Files.readAllBytes(file)));

        assertThat(profile.info().warnings()).contains("1 event without a stack trace is left out: 1 of 3 test.Some");
    }

    @Test
    void whyAnOldProfilerThatRecordsLiveObjectsLosesStacksIsToldOf() throws IOException {
        byte[] live = Recordings.bytes("alloc_live30.jfr");
        String lost = "93 events refer to a stack trace that the recording lacks";

        assertThat(JfrImport.read(Chunks.file(live)).info().warnings())
                .containsExactly(lost + ": async-profiler before 4.0 that records live objects keeps of the allocations"
                        + " only the stacks of objects that are alive at the end");
        assertThat(JfrImport.read(Chunks.file(Chunks.with("3.0", "4.0", live)))
                        .info()
                        .warnings())
                .containsExactly(lost);
    }

    @Test
    void aKnownTypeWithoutAnyStackIsToldOf() {
        assertThat(Stackless.warning(new TreeMap<>(Map.of(
                        "jdk.ThreadPark", new Stackless(9, 9),
                        "jdk.ObjectAllocationSample", new Stackless(3, 413),
                        "jdk.ThreadEnd", new Stackless(4, 4)))))
                .isEqualTo("12 events without a stack trace are left out: 3 of 413 jdk.ObjectAllocationSample, 9 of 9"
                        + " jdk.ThreadPark");
        assertThat(Stackless.warning(new TreeMap<>(Map.of("jdk.ThreadEnd", new Stackless(4, 4)))))
                .isNull();
    }

    @Test
    void theTimeBetweenRecordingsIsToldOf() throws IOException {
        byte[] later = Chunks.startingAt(Chunks.endNanos(CPU) + HOUR, CPU);
        byte[] latest = Chunks.startingAt(Chunks.endNanos(later) + HOUR, CPU);

        assertThat(JfrImport.read(Chunks.file(CPU)).info().warnings()).noneMatch(warning -> warning.contains("gap"));
        assertThat(JfrImport.read(Chunks.file(CPU, later)).info().warnings())
                .contains(
                        "the file's recordings have a gap between them, 3600.0 s in all: the length counts that time, in"
                                + " which nothing was recorded");
        assertThat(JfrImport.read(Chunks.file(latest, CPU, later)).info().warnings())
                .anyMatch(warning -> warning.contains("2 gaps between them, 7200.0 s in all"));
    }

    @Test
    void datadogsProfilerIsNotAsyncProfiler() throws IOException {
        byte[] datadog = Chunks.with("profiler.LiveObject", "datadog.LiveObject1", CPU);

        assertThat(JfrImport.read(Chunks.file(CPU)).info().source()).isEqualTo("async-profiler");
        assertThat(JfrImport.read(Chunks.file(datadog)).info().source()).isEqualTo("Datadog");
    }
}
