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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the profiler did itself is told apart from what the application did, and no sum loses it without a word. */
class OverheadTest {
    private final ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);

    private OverheadTest add(Measure measure, String thread, long value, String... frames) {
        int node = 0;
        for (String each : frames) {
            String[] parts = each.split("#");
            FrameKind kind = parts[0].contains(".so") ? FrameKind.CPP : FrameKind.JIT;
            node = builder.child(node, builder.frame(builder.method(parts[0], parts[0], parts[1]), 0, kind));
        }
        builder.add(
                builder.samples(measure),
                1_000,
                node,
                builder.thread(thread, thread.hashCode(), 1, false),
                builder.state(""),
                value);
        return this;
    }

    private Profile profile() {
        return builder.build(new ProfileInfo("JDK", 0, 2_000_000_000L, new TreeMap<>(), new TreeMap<>(), 1, List.of()));
    }

    private Profiles views() {
        return new Profiles(List.of(ProfileSource.of("one", profile())), List.of(), Merges.NONE);
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

    @ParameterizedTest
    @CsvSource({
        "davylamp, java.lang.Thread#run, true",
        "davylamp-io, java.lang.Thread#run, true",
        "Async-profiler Timer, libc.so#wait, true",
        "OkHttpClientTransport, io.davylamp.agent.shaded.io.grpc.okhttp.OkHttpClientTransport$ClientFrameHandler#run, true",
        "main, one.profiler.AsyncProfiler#execute0, true",
        "main, libasyncProfiler-1aa55af4645fafb7.so#Profiler::timerLoop, true",
        "main, libap45.so#WallClock::signalHandler, true",
        "main, org.apache.skywalking.apm.agent.core.asyncprofiler.AsyncProfilerTask#start, true",
        "main, org.apache.skywalking.apm.agent.core.context.TracingContext#stop, false",
        "main, libjvm.so#WallClock::something, false",
        "main, com.shop.Profiler#record, false",
        "davy-jones, com.shop.Ship#sail, false",
        "OkHttpClientTransport, okhttp3.internal.Util#run, false",
    })
    void theProfilerIsKnownByItsThreadsAndFrames(String thread, String frame, boolean own) throws IOException {
        add(Measure.CPU, thread, 3, "p.Root#run", frame).add(Measure.CPU, "worker", 4, "p.Root#run", "p.App#work");

        String hot = answer(ViewKind.HOT, views(), "overhead", "hide");

        assertThat(hot).contains("\"total\":" + (own ? 4 : 7), "\"overhead\":" + (own ? 3 : 0));
    }

    @Test
    void aHookOnTheApplicationsStackIsTheApplications() throws IOException {
        String hook = "libasyncProfiler.so#malloc_hook";
        add(Measure.NATIVE_MEMORY, "main", 5, "p.App#work", "libc.so#malloc", hook)
                .add(Measure.CPU, "main", 2, "p.App#work", hook)
                .add(Measure.CPU, "main", 1, "p.App#work");

        assertThat(answer(ViewKind.HOT, views(), "measure", "native-memory", "overhead", "hide"))
                .contains("\"total\":5", "\"overhead\":0");
        assertThat(answer(ViewKind.HOT, views(), "measure", "cpu", "overhead", "hide"))
                .contains("\"total\":1", "\"overhead\":2");
    }

    @Test
    void itIsKeptUnlessAskedForOtherwiseAndTheGroupHoldsWhatHidingLeavesOut() throws IOException {
        add(Measure.CPU, "davylamp", 3, "p.A#a", "p.B#b").add(Measure.CPU, "main", 4, "p.A#a", "p.B#b");

        assertThat(answer(ViewKind.FLAME, views(), "format", "collapsed")).isEqualTo("p.A.a;p.B.b 7\n");
        assertThat(answer(ViewKind.FLAME, views(), "format", "collapsed", "overhead", "hide"))
                .isEqualTo("p.A.a;p.B.b 4\n");
        assertThat(answer(ViewKind.FLAME, views(), "format", "collapsed", "overhead", "group"))
                .isEqualTo("p.A.a;p.B.b 4\nprofiler overhead;p.A.a;p.B.b 3\n");
        assertThat(answer(ViewKind.FLAME, views(), "format", "collapsed", "overhead", "group", "by", "thread"))
                .isEqualTo("main;p.A.a;p.B.b 4\nprofiler overhead;davylamp;p.A.a;p.B.b 3\n");
        assertThat(answer(ViewKind.FLAME, views())).doesNotContain("overhead");
        assertThat(answer(ViewKind.FLAME, views(), "overhead", "group")).contains("\"total\":7", "\"overhead\":3");
    }

    @Test
    void everyViewHidesTheSame() throws IOException {
        add(Measure.CPU, "davylamp", 3, "p.A#a").add(Measure.CPU, "main", 4, "p.A#a");

        assertThat(answer(ViewKind.THREADS, views(), "overhead", "hide"))
                .contains("\"total\":4", "\"overhead\":3")
                .doesNotContain("davylamp");
        assertThat(answer(ViewKind.TIMELINE, views(), "overhead", "hide")).contains("\"total\":4");
        assertThat(answer(ViewKind.INFO, views(), "overhead", "hide")).contains("\"total\":4");
        assertThat(answer(ViewKind.FLAME, views(), "order", "time", "overhead", "hide", "format", "collapsed"))
                .isEqualTo("main;p.A.a 4\n");
    }

    @Test
    void theSumsOfAllMeasuresFollowTheFilter() throws IOException {
        add(Measure.CPU, "main", 4, "p.A#a")
                .add(Measure.CPU, "other", 2, "p.A#a")
                .add(Measure.ALLOC, "other", 100, "p.A#a");

        assertThat(answer(ViewKind.INFO, views(), "threads", "other")).contains("\"total\":2,", "\"total\":100,");
        assertThat(answer(ViewKind.INFO, views(), "threads", "main")).contains("\"total\":4", "\"total\":0");
    }

    @Test
    void anUnknownWordIsRefused() {
        add(Measure.CPU, "main", 4, "p.A#a");

        assertThatThrownBy(() -> answer(ViewKind.HOT, views(), "overhead", "drop"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessage("overhead \"drop\" is unknown; known are keep, group, hide");
    }
}
