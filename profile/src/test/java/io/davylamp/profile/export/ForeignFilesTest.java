package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import one.convert.Arguments;
import one.convert.JfrToPprof;
import one.jfr.JfrReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of other tools are told by their content, and say here what they say there. */
class ForeignFilesTest {
    private static Profile open(byte[] bytes) throws IOException {
        return ProfileFile.read(SeekableBytes.of(bytes), UnpackLimits.LOCAL, Scratch::temporary);
    }

    private static Profile open(String text) throws IOException {
        return open(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static TreeMap<String, Long> stacks(Profile profile, String measure, Detail detail) throws IOException {
        return stacks(FrameTree.of(profile, profile.measure(measure), detail).sorted());
    }

    private static TreeMap<String, Long> stacks(FrameTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree, out);
        return out.toString()
                .lines()
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)),
                        Long::sum,
                        TreeMap::new));
    }

    private static Profile recording() throws IOException {
        return JfrImport.read(Recordings.source("small_spring_multi45.jfr"));
    }

    /** {@code cpu/nanoseconds} and {@code samples/count} of three stacks, in the order in which Go writes. */
    private static Protobuf go() {
        List<String> strings = List.of(
                "",
                "samples",
                "count",
                "cpu",
                "nanoseconds",
                "/app/server",
                "github.com/acme/pkg.Run",
                "main.main",
                "net/http.(*conn).serve",
                "endpoint",
                "/pay",
                "[kernel.kallsyms]",
                "thread",
                "worker",
                "do_syscall_64");
        Protobuf profile = new Protobuf()
                .message(1, new Protobuf().number(1, 1).number(2, 2))
                .message(1, new Protobuf().number(1, 3).number(2, 4))
                .message(2, sample(new long[] {1, 2}, 2, 20_000_000))
                .message(
                        2,
                        sample(new long[] {3, 2}, 1, 10_000_000)
                                .message(3, new Protobuf().number(1, 9).number(2, 10)))
                .message(
                        2,
                        sample(new long[] {4, 2}, 3, 30_000_000)
                                .message(3, new Protobuf().number(1, 12).number(2, 13)))
                .message(3, new Protobuf().number(1, 1).number(2, 0x400000).number(5, 5))
                .message(3, new Protobuf().number(1, 2).number(5, 11))
                // Run is inlined into serve.
                .message(
                        4,
                        new Protobuf()
                                .number(1, 1)
                                .number(2, 1)
                                .number(3, 0x401000)
                                .message(4, new Protobuf().number(1, 1).number(2, 42))
                                .message(4, new Protobuf().number(1, 3).number(2, 7)))
                .message(
                        4,
                        new Protobuf()
                                .number(1, 2)
                                .number(2, 1)
                                .message(4, new Protobuf().number(1, 2).number(2, 9)))
                .message(4, new Protobuf().number(1, 3).number(2, 1).number(3, 0x4005d0))
                .message(4, new Protobuf().number(1, 4).number(2, 2).message(4, new Protobuf().number(1, 4)))
                .message(5, new Protobuf().number(1, 1).number(2, 6))
                .message(5, new Protobuf().number(1, 2).number(2, 7))
                .message(5, new Protobuf().number(1, 3).number(2, 8))
                .message(5, new Protobuf().number(1, 4).number(2, 14));
        strings.forEach(text -> profile.text(6, text));
        return profile.number(9, 1_000_000_000)
                .number(10, 500)
                .message(11, new Protobuf().number(1, 3).number(2, 4))
                .number(12, 10_000_000);
    }

    private static Protobuf sample(long[] locations, long... values) {
        return new Protobuf().packed(1, locations.length, i -> locations[i]).packed(2, values.length, i -> values[i]);
    }

    @Test
    void pprofHasAMeasurePerSampleTypeInlinedFramesAndAddresses() throws IOException {
        for (byte[] file : new byte[][] {go().toByteArray(), gzip(go().toByteArray())}) {
            Profile profile = open(file);

            assertThat(profile.info().source()).isEqualTo("pprof");
            assertThat(profile.measures().keySet())
                    .containsExactly(new Measure("cpu", Unit.NANOSECONDS), new Measure("samples", Unit.EVENTS));
            assertThat(stacks(profile, "samples", Detail.LINE))
                    .isEqualTo(new TreeMap<>(Map.of(
                            "main.main:9;net/http.(*conn).serve:7;github.com/acme/pkg.Run:42", 2L,
                            "main.main:9;server.0x4005d0", 1L,
                            "main.main:9;do_syscall_64", 3L)));
            assertThat(stacks(profile, "cpu", Detail.METHOD).values())
                    .containsExactlyInAnyOrder(20_000_000L, 10_000_000L, 30_000_000L);
            assertThat(profile.threads().name()).containsExactly("", "endpoint=/pay", "worker");
            assertThat(profile.info().settings()).containsEntry("period", "10000000 nanoseconds");
            assertThat(profile.info().startNanos()).isEqualTo(1_000_000_000);
            assertThat(profile.info().durationNanos()).isEqualTo(500);
        }
    }

    /** A table that is wrong, by what is added to a profile or written instead of it. */
    @ParameterizedTest
    @CsvSource({
        "function 9, 'location 9 is of function 9, which is not in the table of functions'",
        "location 9, 'sample 4 is of location 9, which is not in the table of locations'",
        "mapping 9, 'location 9 is of mapping 9, which is not in the table of mappings'",
        "string 99, the name of function 9 is string 99 of 15",
        "values,      sample 4 has 1 values of 2 sample types",
        "negative,    sample 4 has the negative value -1",
        "sum,         'with sample 4, of 9223372036854775807, all together'",
        "twice,       two functions have the id 1",
        "zero,        'a location has the id 0'",
        "cut,         it ends after byte"
    })
    void brokenTablesOfPprofAreRefusedByName(String what, String message) throws IOException {
        Protobuf location = new Protobuf().number(1, 9);
        Protobuf more = switch (what) {
            case "function 9" ->
                new Protobuf()
                        .message(4, location.message(4, new Protobuf().number(1, 9)))
                        .message(2, sample(new long[] {9}, 1, 1));
            case "location 9" -> new Protobuf().message(2, sample(new long[] {9}, 1, 1));
            case "mapping 9" ->
                new Protobuf().message(4, location.number(2, 9)).message(2, sample(new long[] {9}, 1, 1));
            case "string 99" ->
                new Protobuf()
                        .message(5, new Protobuf().number(1, 9).number(2, 99))
                        .message(4, location.message(4, new Protobuf().number(1, 9)))
                        .message(2, sample(new long[] {9}, 1, 1));
            case "values" -> new Protobuf().message(2, sample(new long[] {1}, 1));
            case "negative" -> new Protobuf().message(2, sample(new long[] {1}, -1, 1));
            case "sum" -> new Protobuf().message(2, sample(new long[] {1}, 1, Long.MAX_VALUE));
            case "twice" -> new Protobuf().message(5, new Protobuf().number(1, 1));
            case "zero" -> new Protobuf().message(4, new Protobuf().number(2, 1));
            default -> new Protobuf();
        };
        Protobuf whole = go();
        whole.append(more);
        byte[] bytes = whole.toByteArray();
        byte[] file = what.equals("cut") ? Arrays.copyOf(bytes, bytes.length - 3) : bytes;

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void fewBytesCannotStandForManyFrames() {
        Protobuf profile = go();
        Protobuf deep = new Protobuf().number(1, 9);
        for (int i = 0; i < 10_000; i++) {
            deep.message(4, new Protobuf().number(1, 1));
        }
        profile.message(4, deep);
        for (int i = 0; i < 10_000; i++) {
            profile.message(2, sample(new long[] {9}, 1, 1));
        }

        assertThatThrownBy(() -> open(profile.toByteArray()))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining("more frames than a file of");
    }

    @Test
    void pprofOfAsyncProfilersConverterHasTheStacksOfTheRecording(@TempDir Path folder) throws IOException {
        Path recording = Files.write(folder.resolve("a.jfr"), Recordings.bytes("small_spring_multi45.jfr"));
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (JfrReader reader = new JfrReader(recording.toString())) {
            JfrToPprof converter = new JfrToPprof(reader, new Arguments("--alloc", "--total", "-o", "pprof"));
            converter.convert();
            converter.dump(theirs);
        }

        Profile profile = open(theirs.toByteArray());

        Profile own = recording();
        long ours = own.summaries().stream()
                .filter(each -> each.measure().name().equals("alloc"))
                .findFirst()
                .orElseThrow()
                .total();
        assertThat(profile.summaries().get(0).total()).isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({"cpu", "alloc", "lock"})
    void whatWeExportIsWhatIsOpenedAgain(String measure) throws IOException {
        Profile profile = recording();
        FrameTree tree =
                FrameTree.of(profile, profile.measure(measure), Detail.METHOD).sorted();
        ByteArrayOutputStream pprof = new ByteArrayOutputStream();
        Pprof.write(tree, false, 5, 7, pprof);
        StringWriter speedscope = new StringWriter();
        Speedscope.write(tree, "x", speedscope);

        Profile fromPprof = open(pprof.toByteArray());
        Profile fromSpeedscope = open(speedscope.toString());

        assertThat(stacks(fromPprof, measure, Detail.METHOD)).isEqualTo(stacks(tree));
        assertThat(stacks(fromSpeedscope, measure, Detail.METHOD)).isEqualTo(stacks(tree));
        assertThat(fromSpeedscope.measure(measure)).isEqualTo(profile.measure(measure));
    }

    private static final String FRAMES = "\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\",\"file\":\"b.c\","
            + "\"line\":3},{\"name\":\"c\"}]}";

    private static String speedscope(String... profiles) {
        // The frames last, which is allowed.
        return "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"profiles\":["
                + String.join(",", profiles) + "]," + FRAMES + "}";
    }

    @Test
    void speedscopeSampledProfilesAreThreads() throws IOException {
        Profile profile = open(speedscope(
                "{\"type\":\"sampled\",\"name\":\"main\",\"unit\":\"milliseconds\",\"startValue\":0,\"endValue\":5,"
                        + "\"samples\":[[0,1],[0],[]],\"weights\":[1.5,3,0.5]}",
                "{\"weights\":[2],\"samples\":[[0,2]],\"unit\":\"seconds\",\"name\":\"other\",\"type\":\"sampled\","
                        + "\"startValue\":0,\"endValue\":2}"));

        assertThat(stacks(profile, "time", Detail.METHOD))
                .isEqualTo(new TreeMap<>(Map.of("a;b", 1_500_000L, "a", 3_000_000L, "a;c", 2_000_000_000L)));
        assertThat(profile.threads().name()).containsExactly("main", "other");
        assertThat(profile.measure("time").unit()).isEqualTo(Unit.NANOSECONDS);
        assertThat(profile.info().endNanos()).isEqualTo(2_000_000_000L);
    }

    @Test
    void speedscopeEventedProfilesAreTheTimesBetweenEvents() throws IOException {
        Profile profile = open(speedscope("{\"type\":\"evented\",\"name\":\"main\",\"unit\":\"microseconds\","
                + "\"startValue\":10,\"endValue\":100,\"events\":["
                + "{\"type\":\"O\",\"frame\":0,\"at\":10},{\"type\":\"O\",\"frame\":1,\"at\":20},"
                + "{\"type\":\"C\",\"frame\":1,\"at\":50},{\"type\":\"C\",\"frame\":0,\"at\":60},"
                + "{\"type\":\"O\",\"frame\":0,\"at\":90},{\"type\":\"C\",\"frame\":0,\"at\":100}]}"));

        assertThat(stacks(profile, "time", Detail.METHOD))
                .isEqualTo(new TreeMap<>(Map.of("a", 30_000L, "a;b", 30_000L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"sampled\",\"name\":\"x\",\"samples\":[[0]],\"weights\":[1,2]} | profile 1 (x) has 1 samples and 2 weights",
                "{\"type\":\"sampled\",\"samples\":[[7]],\"weights\":[1]} | there is no frame 7; there are 3",
                "{\"type\":\"sampled\",\"samples\":[[0]],\"weights\":[-1]} | profile 1 has the negative weight -1.0 at sample 1",
                "{\"type\":\"evented\",\"events\":[{\"type\":\"C\",\"frame\":0,\"at\":1}]} | closes frame 0 at event 1",
                "{\"type\":\"evented\",\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":3},{\"type\":\"C\",\"frame\":0,\"at\":1}]} | goes back in time at event 2",
                "{\"type\":\"sampled\",\"samples\":[[0]],\"weights\":[1e300]} | more than a number of 63 bits holds up to sample 1",
                "{\"type\":\"pie\"} | is of type \"pie\"",
                "[] | profile 1 is no object",
            })
    void brokenSpeedscopeIsRefusedWithItsPlace(String profile, String message) {
        assertThatThrownBy(() -> open(speedscope(profile)))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherJsonIsRefusedForWhatItIs() {
        assertThatThrownBy(() -> open("{\"traceEvents\":[]}"))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessage("it is JSON, but not speedscope's: there is no shared.frames");
        assertThatThrownBy(() -> open("{\"shared\":"))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageStartingWith("its JSON is wrong at line 1");
    }

    private static final String PERF = """
            # ========
            # captured on    : Wed Nov 25 2026
            #
            java 4711/4712 [001] 100.000001:     250000 cpu-clock:pppH:\s
            \tffffffff81a0 do_syscall_64+0x5b ([kernel.kallsyms])
            \t    7f12ab34 __libc_read+0x10 (/usr/lib/x86_64-linux-gnu/libc.so.6)
            \t    7f00aa10 Lcom/shop/Pricing;::discount+0x20 (/tmp/perf-4711.map)
            \t    7f00aa00 [unknown] (/opt/app/server)

            C2 CompilerThre  4711 [000] 100.500001:     250000 cpu-clock:pppH:\s
            \t    7f12ab34 PhaseChaitin::Split(unsigned int)+0x10 (/jdk/lib/server/libjvm.so)
              compile.cpp:123

            java 4711/4712 [001] 101.000001:          1 page-faults:u:\s
            \t    7f12ab34 main+0x1 (/opt/app/server)
            """;

    @Test
    void perfScriptIsSamplesByEventWithTimesAndThreads() throws IOException {
        Profile profile = open(PERF);

        assertThat(profile.info().source()).isEqualTo("perf");
        assertThat(stacks(profile, "cpu-clock", Detail.METHOD))
                .isEqualTo(new TreeMap<>(Map.of(
                        "server.0x7f00aa00;Lcom/shop/Pricing:::discount;libc.so.6.__libc_read;do_syscall_64",
                        1L,
                        "libjvm.so.PhaseChaitin::Split(unsigned int)",
                        1L)));
        assertThat(stacks(profile, "cpu-clock.time", Detail.METHOD).values()).containsOnly(250_000L);
        assertThat(stacks(profile, "page-faults", Detail.METHOD)).containsExactly(Map.entry("main", 1L));
        assertThat(profile.threads().name()).containsExactly("java", "C2 CompilerThre");
        assertThat(profile.info().durationNanos()).isEqualTo(1_000_000_000L);
        assertThat(profile.frames().kind()).contains(FrameKind.KERNEL.code(), FrameKind.NATIVE.code());
        assertThat(profile.info().warnings()).isEmpty();
    }

    @Test
    void perfScriptWithoutStacksSaysWhatToDo() {
        byte[] flat = "java 1 [000] 1.000000: 5 cycles: \n\njava 1 [000] 2.000000: 5 cycles: \n\n"
                .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> PerfScriptImport.read(new ByteArrayInputStream(flat), ProfileLimits.DEFAULT))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessage("none of its 2 samples has a stack; record with perf -g");
    }

    @Test
    void aFileIsToldByItsContent() throws IOException {
        assertThat(FileKind.of(go().toByteArray())).isEqualTo(FileKind.PPROF);
        assertThat(FileKind.of("\n\na;b 3\n".getBytes(StandardCharsets.UTF_8))).isEqualTo(FileKind.COLLAPSED);
        assertThat(FileKind.of("{anonymous};b 3\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(FileKind.COLLAPSED);
        assertThat(FileKind.of(speedscope().getBytes(StandardCharsets.UTF_8))).isEqualTo(FileKind.SPEEDSCOPE);
        assertThat(open("\ufeff{ \"profiles\":[{\"type\":\"sampled\",\"samples\":[[0]]}]," + FRAMES + "}")
                        .measures())
                .hasSize(1);
        byte[] perf = PERF.getBytes(StandardCharsets.UTF_8);
        assertThat(FileKind.ofText(perf, perf.length)).isEqualTo(FileKind.PERF_SCRIPT);
    }

    @Test
    void aPackedFileWithoutContentIsSaidToBeEmpty() throws IOException {
        byte[] empty = gzip(new byte[0]);

        assertThatThrownBy(() -> open(empty))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessage("what the gzip holds is empty");
        assertThatThrownBy(() -> open(gzip(empty))).hasMessage("what the gzip in gzip holds is empty");
    }
}
