package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollapsedImportTest {
    private static Profile read(String text) throws IOException {
        return CollapsedImport.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ProfileLimits.DEFAULT);
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
        assertThat(profile.symbols()).contains("java.lang.Thread", "run", "a.B", "do_syscall_64", "[unknown]", "x");
    }

    @ParameterizedTest
    @CsvSource({
        "'a;b', line 1: \"a;b\" stands where a number",
        "'a 1\nb x', line 2: \"x\" stands where a number",
        "' 5', line 1: there is no frame",
        "'a 99999999999999999999', line 1: \"99999999999999999999\" stands",
        "'# only a note', the file has no stacks"
    })
    void whatIsNoStackIsRefusedWithItsLine(String text, String message) {
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
