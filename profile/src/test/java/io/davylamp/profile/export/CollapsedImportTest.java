package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollapsedImportTest {
    private static Profile read(String text) throws IOException {
        return CollapsedImport.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ProfileLimits.DEFAULT);
    }

    private static List<String> symbols(Profile profile) {
        return IntStream.range(0, profile.symbols().size())
                .mapToObj(profile.symbols()::get)
                .toList();
    }

    @Test
    void framesAreTakenApartAndTheirSuffixIsTheirKind() throws IOException {
        Profile profile = read("java/lang/Thread.run_[j];a.B.c_[i];do_syscall_64_[k];[unknown] 3\r\n\n# note\nx 2\n");

        assertThat(profile.summaries().get(0).total()).isEqualTo(5);
        assertThat(profile.frames().kind())
                .containsExactlyInAnyOrder(
                        FrameKind.JIT.code(),
                        FrameKind.INLINED.code(),
                        FrameKind.KERNEL.code(),
                        FrameKind.UNKNOWN.code(),
                        FrameKind.UNKNOWN.code());
        assertThat(symbols(profile)).contains("java.lang.Thread", "run", "a.B", "do_syscall_64", "[unknown]", "x");
    }

    private static String collapsed(Profile profile) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(
                FrameTree.of(profile, profile.measures().firstKey(), Detail.METHOD)
                        .sorted(),
                out);
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main (/srv/app/main.py:12);handler (/srv/app/web/h.py:40)",
                "node;/app/src/server.js:handler",
                "node;processTicksAndRejections node:internal/process/task_queues:95",
                "ruby;lib/foo/bar.rb:block in run",
                "#<Class:0x00>#run;Integer#times",
                "go;net/http.(*conn).serve;github.com/acme/shop/pkg.Run;net/http.Get;main.main.func1",
                "rust;core::ops::function::FnOnce::call_once;<alloc::vec::Vec<T> as core::clone::Clone>::clone",
                "libjvm.so.PhaseChaitin::Split;finish_task_switch.isra.0;foo.constprop.0.cold;libc.so.6.read",
                "dotnet;System.Private.CoreLib!System.Threading.Thread.StartCallback()",
                "Ljava/lang/Thread;run",
                "java.lang.Thread.run;com.shop.Main$1.<init>;byte[];java.lang.String[]",
                "php;App\\Http\\Kernel::handle;[unknown];[libc.so.6]",
                "a b c;größe;名前"
            })
    void namesOfAllLanguagesComeBackAsTheyAreWritten(String stack) throws IOException {
        assertThat(collapsed(read(stack + " 7\n"))).isEqualTo(stack + " 7\n");
    }

    @Test
    void onlyJavasOwnFormGetsDots() throws IOException {
        assertThat(collapsed(read("java/lang/Thread.run;net/http.Get;a/B$$Lambda$7/0x00ff.call;x/y.z_[j] 1")))
                .isEqualTo("java.lang.Thread.run;net/http.Get;a.B$$Lambda$7.0x00ff.call;x.y.z 1\n");
    }

    @Test
    void librariesAreTakenApartFromTheirSymbols() throws IOException {
        Profile profile = read("libjvm.so.PhaseChaitin::Split;github.com/acme/pkg.Run 1");

        assertThat(symbols(profile)).contains("libjvm.so", "PhaseChaitin::Split", "github.com/acme/pkg.Run");
    }

    @ParameterizedTest
    @CsvSource({
        "'a;b\t10\n', 'a;b 10\n'",
        "'a;b 10 \n', 'a;b 10\n'",
        "'a;b   10\t \r\n', 'a;b 10\n'",
        "'a;b 10\r\na;b 2\r\n', 'a;b 12\n'",
        "'a;b 10\ra;c 2\r', 'a;b 10\na;c 2\n'",
        "'a;b 10\r\ra;c 2\n\r\na;c 1', 'a;b 10\na;c 3\n'",
        "'a;b 1.5\na;c 2.5\n', 'a;c 2.5\na;b 1.5\n'",
        "'a;b 2\na;c .5\na;d 1.0000004\n', 'a;b 2\na;d 1\na;c 0.5\n'",
        "'a;b 3.0\n', 'a;b 3\n'",
        "'a;b 1.5e+06\na;c 2E3\n', 'a;b 1500000\na;c 2000\n'",
        "'a;b 25e-1\n', 'a;b 2.5\n'",
        "'# of perf\n#\n\na;b 3', 'a;b 3\n'",
        "';a;;b; 3', 'a;b 3\n'"
    })
    void stacksAreTakenAsOthersWriteThem(String text, String stacks) throws IOException {
        assertThat(collapsed(read(text))).isEqualTo(stacks);
    }

    @Test
    void aByteOrderMarkIsNoPartOfAName() throws IOException {
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            byte[] text = "\ufeffgröße;b 3\r\ngröße;c 4\r\n".getBytes(charset);

            Profile profile = CollapsedImport.read(new ByteArrayInputStream(text), ProfileLimits.DEFAULT);

            assertThat(collapsed(profile)).as(charset.name()).isEqualTo("größe;c 4\ngröße;b 3\n");
        }
    }

    @Test
    void decimalsKeepTheirShares() throws IOException {
        Profile profile = read("a;b 1.5\na;c 2.5\n");

        assertThat(profile.measures().firstKey()).isEqualTo(new Measure("samples", Unit.MILLIONTHS_OF_EVENTS));
        assertThat(profile.summaries().get(0).total()).isEqualTo(4_000_000);
    }

    @Test
    void whatIsNoStackIsSkippedAndCounted() throws IOException {
        Profile profile = read("total: none\na;b 3\n 5\n---\n");

        assertThat(profile.summaries().get(0).total()).isEqualTo(3);
        assertThat(profile.info().warnings())
                .containsExactly("3 lines are no stacks and were skipped; the first is line 1: \"none\" stands where a"
                        + " number is expected; a line is outer;inner 12");
    }

    @Test
    void aReturnAtTheEdgeOfTheBufferEndsOneLine() throws IOException {
        for (int length = 16_380; length < 16_390; length++) {
            String frame = "x".repeat(length);

            assertThat(collapsed(read("a;" + frame + " 1\r\na;b\r\n"))).isEqualTo("a;" + frame + " 1\n");
            assertThat(collapsed(read("a;" + frame + " 2\ra;b 1\r"))).isEqualTo("a;" + frame + " 2\na;b 1\n");
        }
    }

    @Test
    void theDifferenceOfTwoProfilesIsRefused() {
        assertThatThrownBy(() -> read("a;b 3 4\na 0 2\na;c;d 1 0\n"))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageStartingWith("each line ends in two numbers, as in a difference of two profiles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 1;b 2 7\n", "worker 1 7\n", "a;b 3 7\na;c 2\n", "a;(x.py 12) 7\n"})
    void namesMayEndInANumber(String stacks) throws IOException {
        assertThat(collapsed(read(stacks))).isEqualTo(stacks);
    }

    @ParameterizedTest
    @CsvSource({
        "'a;b', line 1: \"a;b\" stands where a number",
        "'\nb x', line 2: \"x\" stands where a number",
        "' 5', line 1: there is no frame",
        "'a 1\nb -3', line 2: the value -3 is negative",
        "'a -0.5', line 1: the value -0.5 is negative",
        "'a -1e3', line 1: the value -1e3 is negative",
        "'a 1e99', line 1: with the value 1e99 all together",
        "'a 1e999999999', line 1: \"1e999999999\" stands where a number",
        "'a 99999999999999999999', line 1: with the value 99999999999999999999 all together",
        "'a 9223372036854775807\nb 1', line 2: with the value 1 all together",
        "'a 9223372036854775807\nb 0.5', line 2: with the value 0.5 all together",
        "'# only a note', the file has no stacks"
    })
    void whatCannotBeAddedOrHasNoStackIsRefusedWithItsLine(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> read("a;".repeat(20_000) + "b 1"))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining("16384 frames");
    }
}
