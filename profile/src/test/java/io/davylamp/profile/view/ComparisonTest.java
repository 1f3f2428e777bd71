package io.davylamp.profile.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.export.ViewRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Sides of other lengths are compared fairly, and what was not recorded is never taken for 0. */
class ComparisonTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;

    /** One sample of each measure in each second. */
    private static ProfileSource recorded(
            String instance, int seconds, Map<String, String> settings, Measure... measures) {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int node = builder.child(0, builder.frame(builder.method("p.A", "p.A", "run"), 1, FrameKind.JIT));
        int main = builder.thread("main", 1, 1, false);
        byte state = builder.state("");
        for (Measure measure : measures) {
            for (int i = 0; i < Math.max(1, seconds); i++) {
                builder.add(builder.samples(measure), i * SECOND + SECOND / 2, node, main, state, 1);
            }
        }
        Profile profile = builder.build(new ProfileInfo(
                settings.isEmpty() ? "JDK" : "async-profiler",
                DAY,
                DAY + seconds * SECOND,
                new TreeMap<>(settings),
                new TreeMap<>(),
                1,
                List.of()));
        return ProfileSource.of(instance, profile);
    }

    private static ProfileSource recorded(String instance, int seconds, Measure... measures) {
        return recorded(instance, seconds, Map.of(), measures);
    }

    private static Comparison compare(Comparison.By by, Profiles views, String... filter) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < filter.length; i += 2) {
            parameters.put(filter[i], filter[i + 1]);
        }
        Query query = Query.of(parameters::get);
        return views.comparison(by, views.tree(query), query);
    }

    private static Profiles views(List<ProfileSource> sources, ProfileSource... baseline) {
        return new Profiles(sources, List.of(baseline), Merges.NONE);
    }

    @Test
    void recordingsOfOtherLengthsAreComparedPerSecond() throws IOException {
        Comparison comparison =
                compare(null, views(List.of(recorded("now", 30, Measure.CPU)), recorded("before", 10, Measure.CPU)));

        assertThat(comparison.by()).isEqualTo(Comparison.By.RATE);
        assertThat(comparison.scale()).isEqualTo(3);
        assertThat(comparison.nanos()).isEqualTo(30 * SECOND);
        assertThat(comparison.baselineNanos()).isEqualTo(10 * SECOND);
    }

    @Test
    void slicesAndNumbersOfInstancesAreLengthsToo() throws IOException {
        ProfileSource one = recorded("one", 30, Measure.CPU);
        ProfileSource two = recorded("two", 30, Measure.CPU);

        assertThat(compare(null, views(List.of(one), one), "to", "10s", "base-from", "10s")
                        .scale())
                .isEqualTo(0.5);
        assertThat(compare(null, views(List.of(one, two), one)).scale()).isEqualTo(2);
    }

    @Test
    void whatIsEquallyLongOrThereAtOneMomentIsComparedAsItIs() throws IOException {
        assertThat(compare(null, views(List.of(recorded("a", 30, Measure.CPU)), recorded("b", 30, Measure.CPU)))
                        .by())
                .isEqualTo(Comparison.By.VALUE);
        for (Measure stock : List.of(Measure.LIVE, Measure.NATIVE_LEAK)) {
            Comparison comparison = compare(null, views(List.of(recorded("a", 30, stock)), recorded("b", 10, stock)));
            assertThat(comparison.by()).isEqualTo(Comparison.By.VALUE);
            assertThat(comparison.scale()).isEqualTo(1);
        }
    }

    @Test
    void withoutAKnownLengthSharesAreComparedAndARateIsRefused() throws IOException {
        Profiles views = views(List.of(recorded("a", 0, Measure.CPU)), recorded("b", 4, Measure.CPU));

        Comparison comparison = compare(null, views);

        assertThat(comparison.by()).isEqualTo(Comparison.By.SHARE);
        assertThat(comparison.scale()).isCloseTo(0.25, Offset.offset(1e-9));
        assertThatThrownBy(() -> compare(Comparison.By.RATE, views))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessageContaining("not known how long the profile was recorded; value and share are possible");
    }

    @Test
    void eachOfTheThreeCanBeAskedFor() throws IOException {
        Profiles views = views(List.of(recorded("now", 30, Measure.CPU)), recorded("before", 10, Measure.CPU));

        for (Comparison.By by : Comparison.By.values()) {
            assertThat(compare(by, views).by()).isEqualTo(by);
        }
    }

    @Test
    void aMeasureThatOneSideDidNotRecordIsRefusedAndNotTakenForZero() {
        ProfileSource both = recorded("both", 5, Measure.CPU, Measure.ALLOC);
        ProfileSource cpu = recorded("cpu", 5, Measure.CPU);

        assertThatThrownBy(() -> compare(null, views(List.of(both), cpu), "measure", "alloc"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessage("the baseline has no measure \"alloc\": it was not recorded there; both have cpu");
        assertThatThrownBy(() -> compare(null, views(List.of(cpu), both), "measure", "alloc"))
                .hasMessageContaining("only the baseline has the measure \"alloc\"");
        assertThatThrownBy(() -> compare(null, views(List.of(cpu), recorded("alloc", 5, Measure.ALLOC))))
                .hasMessageContaining("they have cpu, the baseline has alloc");
    }

    @Test
    void theDefaultMeasureIsOneThatBothSidesHave() throws IOException {
        ProfileSource both = recorded("both", 5, Measure.CPU, Measure.ALLOC);

        assertThat(views(List.of(both), recorded("alloc", 5, Measure.ALLOC)).comparedMeasure(null))
                .isEqualTo(Measure.ALLOC);
    }

    @Test
    void whatWasRecordedAndDidNotHappenIsATrueZero() throws IOException {
        ProfileSource contended =
                recorded("now", 5, Map.of("event", "cpu", "lock", "10000000"), Measure.CPU, Measure.LOCK);
        ProfileSource quiet = recorded("before", 5, Map.of("event", "cpu", "lock", "10000000"), Measure.CPU);
        ProfileSource unasked = recorded("before", 5, Map.of("event", "cpu", "lock", "-1"), Measure.CPU);

        assertThat(views(List.of(contended), quiet).comparedMeasure("lock")).isEqualTo(Measure.LOCK);
        assertThat(views(List.of(quiet), contended).comparedMeasure("lock")).isEqualTo(Measure.LOCK);
        assertThat(views(List.of(contended, quiet)).lacking(Measure.LOCK)).isEmpty();
        assertThatThrownBy(() -> views(List.of(contended), unasked).comparedMeasure("lock"))
                .isInstanceOf(InvalidQueryException.class);
    }

    @Test
    void instancesThatDidNotRecordTheMeasureAreNamedAndTheirTimeDoesNotCount() throws IOException {
        ProfileSource one = recorded("one", 10, Measure.CPU, Measure.ALLOC);
        ProfileSource two = recorded("two", 50, Measure.CPU);
        ProfileSource before = recorded("before", 20, Measure.ALLOC);

        assertThat(compare(null, views(List.of(one, two), before), "measure", "alloc")
                        .scale())
                .isEqualTo(0.5);
        assertThat(answer(ViewKind.HOT, views(List.of(one, two), before), "measure", "alloc"))
                .contains("\"lacking\":[\"two\"]", "\"compare\":\"rate\"", "\"seconds\":10.0");
        assertThat(answer(ViewKind.FLAME, views(List.of(one, two)), "measure", "alloc"))
                .contains("\"lacking\":[\"two\"]");
        assertThat(answer(ViewKind.HOT, views(List.of(one), one, two), "measure", "alloc"))
                .contains("\"baselineLacking\":[\"two\"]");
    }

    @Test
    void theOldWordForSharesStillWorks() throws IOException {
        Profiles views = views(List.of(recorded("now", 30, Measure.CPU)), recorded("before", 10, Measure.CPU));

        assertThat(answer(ViewKind.HOT, views, "normalised", "true")).contains("\"compare\":\"share\"");
        assertThatThrownBy(() -> answer(ViewKind.HOT, views, "normalised", "true", "compare", "rate"))
                .isInstanceOf(InvalidQueryException.class);
        assertThatThrownBy(() -> answer(ViewKind.HOT, views, "compare", "magic"))
                .hasMessage("compare \"magic\" is unknown; known are rate, value, share");
    }

    private static String answer(ViewKind view, Profiles views, String... pairs) throws IOException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], List.of(pairs[i + 1]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ViewRequest.of(view, new Parameters(parameters), new ViewLimits(1000, 1000, 1000))
                .write(views, "t", out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
