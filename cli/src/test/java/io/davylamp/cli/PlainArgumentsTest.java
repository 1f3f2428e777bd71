package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.export.Rehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simple command lines do without picocli, and do the same. */
class PlainArgumentsTest {
    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("some.jfr"), Rehearsal.recording()).toString();
    }

    private static PlainArguments of(String line) {
        return new PlainArguments(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hot a.jfr", "hot a.jfr b.jfr", "hot -n 3 a.jfr", "hot a.jfr -n 3"})
    void filesWithShortOptionsAreUnderstood(String line) {
        assertThat(of(line).areOnly("-n")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hot",
                "hot 1f",
                "hot --json a.jfr",
                "hot a.jfr -o b",
                "hot a.jfr -n",
                "hot a.jfr -n -3",
                "hot a.jfr -n 3 -n 4",
                "hot @a.jfr",
                "hot 'a.jfr'",
                "hot -- a.jfr"
            })
    void anythingElseIsNot(String line) {
        assertThat(of(line).areOnly("-n")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "3x", "3.5", "9999999999"})
    void whatIsNoNumberIsLeftToTheParserThatExplainsIt(String number) {
        assertThat(of("hot a.jfr -n " + number).number("-n", 20)).isEqualTo(-1);
        assertThat(Ran.davy("hot", file, "-n", number).err())
                .contains("-n \"" + number + "\": a whole number is needed");
    }

    @Test
    void theAnswerIsThatOfTheParsedCommand() {
        Ran plain = Ran.davy("hot", file, "-n", "7");

        assertThat(plain.code()).isZero();
        assertThat(plain.out()).contains("METHOD");
        assertThat(plain).isEqualTo(Ran.davy("hot", "-n=7", file));
        assertThat(Ran.davy("hot", file)).isEqualTo(Ran.davy("hot", "-n=20", file));
    }

    @Test
    void theErrorsAreThoseOfTheParsedCommand() {
        assertThat(Ran.davy("hot", "nothing.jfr")).isEqualTo(Ran.davy("hot", "-n=20", "nothing.jfr"));
        assertThat(Ran.davy("hot", file, "-n", "0")).isEqualTo(Ran.davy("hot", file, "-n=0"));
        assertThat(Ran.davy("flame", "nothing.jfr", "-o", "x").code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void thePictureIsThatOfTheParsedCommand() throws IOException {
        Path plain = folder.resolve("plain.html");
        Path parsed = folder.resolve("parsed.html");

        assertThat(Ran.davy("flame", file, "-o", plain.toString()).out().strip())
                .isEqualTo(plain.toString());
        assertThat(Ran.davy("flame", file, "-o=" + parsed).code()).isZero();

        assertThat(plain).hasSameTextualContentAs(parsed);
    }
}
