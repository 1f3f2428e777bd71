package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The events of Datadog's profiler count with their weights. The JDK writes them here, with the fields that it declares. */
class DatadogEventsTest {
    @Name("datadog.ExecutionSample")
    static final class Execution extends Event {
        long weight;
    }

    @Name("datadog.MethodSample")
    static final class Method extends Event {
        long weight;
    }

    @Name("datadog.ObjectSample")
    static final class Allocation extends Event {
        Class<?> objectClass;
        long size;
        float weight;
    }

    @Name("datadog.HeapLiveObject")
    static final class Live extends Event {
        Class<?> objectClass;
        long size;
        float weight;
    }

    /** An older one, without a weight. */
    @Name("datadog.NativeMemoryAllocation")
    static final class Unweighted extends Event {
        long size;
    }

    @TempDir
    private Path folder;

    private Profile record(Event... events) throws IOException {
        Path file = folder.resolve("datadog.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            for (Event event : events) {
                event.commit();
            }
            recording.stop();
            recording.dump(file);
        }
        return JfrImport.read(SeekableBytes.of(Files.readAllBytes(file)));
    }

    private static MeasureSummary summary(Profile profile, String measure) {
        return profile.summaries().stream()
                .filter(each -> each.measure().name().equals(measure))
                .findFirst()
                .orElseThrow();
    }

    private static Allocation allocation(long size, float weight) {
        Allocation event = new Allocation();
        event.objectClass = String.class;
        event.size = size;
        event.weight = weight;
        return event;
    }

    @Test
    void samplesCountAsOftenAsTheyAreWorth() throws IOException {
        Execution execution = new Execution();
        execution.weight = 3;
        Method method = new Method();
        method.weight = 7;

        Profile profile = record(execution, method);

        assertThat(summary(profile, "datadog.ExecutionSample").total()).isEqualTo(3);
        assertThat(summary(profile, "datadog.ExecutionSample").measure().unit()).isEqualTo(Unit.SAMPLES);
        assertThat(summary(profile, "datadog.MethodSample").total()).isEqualTo(7);
        assertThat(profile.measure("cpu"))
                .as("not mixed with the JDK's samples")
                .isNull();
    }

    @Test
    void bytesAreMultipliedByTheWeightOfTheirSample() throws IOException {
        Live live = new Live();
        live.objectClass = String.class;
        live.size = 24;
        live.weight = 10.5f;

        Profile profile = record(allocation(1_000, 2.5f), allocation(16, 1f), live);

        assertThat(summary(profile, "datadog.ObjectSample").total()).isEqualTo(2_516);
        assertThat(summary(profile, "datadog.ObjectSample").measure().unit()).isEqualTo(Unit.BYTES);
        assertThat(summary(profile, "datadog.HeapLiveObject").total()).isEqualTo(252);
    }

    @Test
    void aWeightThatIsNoneCountsOnce() throws IOException {
        Profile profile = record(
                allocation(100, 0f),
                allocation(100, -5f),
                allocation(100, Float.NaN),
                allocation(100, Float.POSITIVE_INFINITY));

        assertThat(summary(profile, "datadog.ObjectSample").total()).isEqualTo(400);
    }

    @Test
    void eventsWithoutAWeightAreCounted() throws IOException {
        Unweighted event = new Unweighted();
        event.size = 512;

        MeasureSummary counted = summary(record(event, new Unweighted()), "datadog.NativeMemoryAllocation");

        assertThat(counted.total()).isEqualTo(2);
        assertThat(counted.measure().unit()).isEqualTo(Unit.EVENTS);
    }
}
