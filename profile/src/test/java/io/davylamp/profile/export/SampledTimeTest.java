package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples taken at different intervals are added and compared as time; where an interval is unknown nobody adds apples to pears. */
class SampledTimeTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    /** One method {@code a.A.work} with so many samples in a recording of ten seconds. */
    private static ProfileSource source(String name, Measure measure, int samples, long worth, int cores) {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int node = builder.child(0, builder.frame(builder.method("a.A", "a.A", "work"), 1, FrameKind.JIT));
        int thread = builder.thread("main", 1, 1, false);
        for (int i = 0; i < samples; i++) {
            builder.add(builder.samples(measure), i * MILLI, node, thread, (byte) 0, worth, 1);
        }
        TreeMap<String, String> host = new TreeMap<>();
        if (cores > 0) {
            host.put("cores", Integer.toString(cores));
        }
        return ProfileSource.of(
                name,
                builder.build(new ProfileInfo("async-profiler", 0, 10 * SECOND, new TreeMap<>(), host, 1, List.of())));
    }

    private static ProfileSource slow() {
        return source("slow", Measure.CPU, 26, 20 * MILLI, 2);
    }

    private static ProfileSource fast() {
        return source("fast", Measure.CPU, 109, 10 * MILLI, 4);
    }

    private static ProfileSource unknown() {
        return source("unknown", Measure.CPU.inSamples(), 50, 1, 0);
    }

    private static JsonNode ask(ViewKind view, String words, List<ProfileSource> sources, ProfileSource... baseline)
            throws IOException {
        Map<String, List<String>> parameters = new HashMap<>();
        Arrays.stream(words.split("&")).filter(word -> !word.isEmpty()).forEach(word -> {
            String[] pair = word.split("=");
            parameters.put(pair[0], List.of(pair[1]));
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ViewRequest.of(view, new Parameters(parameters), new ViewLimits(1000, 1000, 1000))
                .write(new Profiles(sources, List.of(baseline), Merges.NONE), "", out);
        return new ObjectMapper().readTree(out.toByteArray());
    }

    @Test
    void samplesOfDifferentIntervalsAreAddedAsTime() throws IOException {
        JsonNode hot = ask(ViewKind.HOT, "", List.of(slow(), fast()));

        assertThat(hot.get("unit").asText()).isEqualTo("nanoseconds");
        assertThat(hot.get("total").asLong()).isEqualTo(26 * 20 * MILLI + 109 * 10 * MILLI);
        JsonNode method = hot.get("methods").get(0);
        assertThat(method.get("self").asLong()).isEqualTo(1_610 * MILLI);
        assertThat(method.get("selfSamples").asLong()).isEqualTo(135);
        assertThat(method.get("totalSamples").asLong()).isEqualTo(135);
        assertThat(hot.has("warnings")).isFalse();
    }

    @Test
    void samplesOfDifferentIntervalsAreComparedAsTime() throws IOException {
        JsonNode hot = ask(ViewKind.HOT, "", List.of(fast()), slow());

        JsonNode method = hot.get("methods").get(0);
        assertThat(method.get("self").asLong()).isEqualTo(1_090 * MILLI);
        assertThat(method.get("baselineSelf").asLong()).isEqualTo(520 * MILLI);
        assertThat(method.get("selfSamples").asLong()).isEqualTo(109);
        assertThat(method.get("baselineSelfSamples").asLong()).isEqualTo(26);
        assertThat(hot.get("scale").asDouble()).isEqualTo(1);
    }

    @Test
    void lengthAndCoresTellHowManyProcessorsWereBusy() throws IOException {
        JsonNode one = ask(ViewKind.HOT, "", List.of(slow()));
        assertThat(one.get("lengthNanos").asLong()).isEqualTo(10 * SECOND);
        assertThat(one.get("coreNanos").asLong()).isEqualTo(20 * SECOND);
        assertThat(one.get("samples").asLong()).isEqualTo(26);

        JsonNode two = ask(ViewKind.FLAME, "from=5s", List.of(slow(), fast()));
        assertThat(two.get("lengthNanos").asLong()).isEqualTo(10 * SECOND);
        assertThat(two.get("coreNanos").asLong()).isEqualTo(30 * SECOND);
        assertThat(two.get("profiles").asInt()).isEqualTo(2);

        JsonNode sum = ask(ViewKind.INFO, "from=5s", List.of(slow(), fast())).at("/measures/0");
        assertThat(sum.get("lengthNanos").asLong()).isEqualTo(10 * SECOND);
        assertThat(sum.get("coreNanos").asLong()).isEqualTo(30 * SECOND);

        JsonNode untold = ask(ViewKind.HOT, "", List.of(slow(), unknown()));
        assertThat(untold.has("coreNanos")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = ViewKind.class,
            names = {"FLAME", "HOT", "TIMELINE", "THREADS"})
    void knownAndUnknownIntervalsAreCountedTogetherAndItIsSaid(ViewKind view) throws IOException {
        JsonNode answer = ask(view, "", List.of(slow(), unknown()));

        assertThat(answer.get("unit").asText()).isEqualTo("samples");
        assertThat(answer.get("total").asLong()).isEqualTo(76);
        assertThat(answer.get("warnings").get(0).asText()).contains("not all recordings tell the interval");
    }

    @Test
    void knownAndUnknownIntervalsAreComparedAsShares() throws IOException {
        JsonNode hot = ask(ViewKind.HOT, "", List.of(slow()), unknown());

        assertThat(hot.get("unit").asText()).isEqualTo("samples");
        assertThat(hot.get("compare").asText()).isEqualTo("share");
        assertThat(hot.get("scale").asDouble()).isEqualTo(26.0 / 50);
        assertThat(hot.get("warnings")).hasSize(1);
    }

    @Test
    void unknownIntervalsAloneAreSaid() throws IOException {
        JsonNode hot = ask(ViewKind.HOT, "", List.of(unknown()));

        assertThat(hot.get("total").asLong()).isEqualTo(50);
        assertThat(hot.get("warnings").get(0).asText()).contains("cannot be told in seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOT", "FLAME", "TIMELINE", "THREADS"})
    void countAsksForSamples(ViewKind view) throws IOException {
        JsonNode answer = ask(view, "count=true", List.of(slow(), fast()));

        assertThat(answer.get("unit").asText()).isEqualTo("samples");
        assertThat(answer.get("total").asLong()).isEqualTo(135);
        assertThat(answer.has("warnings")).isFalse();
    }

    @Test
    void infoTellsTimeAndSamples() throws IOException {
        JsonNode cpu =
                ask(ViewKind.INFO, "", List.of(slow(), fast())).get("measures").get(0);
        assertThat(cpu.get("unit").asText()).isEqualTo("nanoseconds");
        assertThat(cpu.get("total").asLong()).isEqualTo(1_610 * MILLI);
        assertThat(cpu.get("samples").asLong()).isEqualTo(135);
        assertThat(cpu.get("events").asLong()).isEqualTo(135);

        JsonNode mixed = ask(ViewKind.INFO, "", List.of(slow(), unknown()));
        assertThat(mixed.get("measures")).hasSize(1);
        assertThat(mixed.get("measures").get(0).get("unit").asText()).isEqualTo("samples");
        assertThat(mixed.get("measures").get(0).get("total").asLong()).isEqualTo(76);
        JsonNode profile = mixed.get("profiles").get(0);
        assertThat(profile.get("lengthNanos").asLong()).isEqualTo(10 * SECOND);
        assertThat(profile.get("cores").asInt()).isEqualTo(2);
        assertThat(profile.get("measures").get(0).get("intervalNanos").asLong()).isEqualTo(20 * MILLI);
    }
}
