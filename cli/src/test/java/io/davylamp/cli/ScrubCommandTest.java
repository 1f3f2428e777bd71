package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code davy scrub}; the JDK writes the recordings and reads the copies. */
class ScrubCommandTest {
    /** A property that the JDK writes down, as it does with those of the command line. */
    private static final String KEY = "java.home";

    private static final String SECRET = System.getProperty(KEY);

    @TempDir
    Path folder;

    private Path recording() throws IOException {
        Path file = folder.resolve("app.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.InitialSystemProperty");
            recording.start();
            recording.stop();
            recording.dump(file);
        }
        return file;
    }

    private static boolean hasSecret(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET);
    }

    @Test
    void theCopyHasStarsForTheValuesAndTheFileStays() throws IOException {
        Path file = recording();
        assertThat(hasSecret(file)).isTrue();

        Ran ran = Ran.davy("scrub", file.toString());

        Path copy = folder.resolve("app-scrubbed.jfr");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith(copy + "  ").contains(" bytes of secrets overwritten");
        assertThat(hasSecret(copy)).isFalse();
        assertThat(hasSecret(file)).isTrue();
        assertThat(RecordingFile.readAllEvents(copy))
                .filteredOn(event -> event.getEventType().getName().equals("jdk.InitialSystemProperty"))
                .filteredOn(event -> KEY.equals(event.getString("key")))
                .extracting((RecordedEvent event) -> event.getString("value"))
                .containsExactly("*".repeat(SECRET.length()));
    }

    @Test
    void aPackedFileBecomesAnUnpackedCopy() throws IOException {
        Path packed = folder.resolve("app.jfr.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            Files.copy(recording(), out);
        }
        Path copy = folder.resolve("clean.jfr");

        assertThat(Ran.davy("scrub", packed.toString(), "-o", copy.toString()).code())
                .isZero();

        assertThat(hasSecret(copy)).isFalse();
        assertThat(RecordingFile.readAllEvents(copy)).isNotEmpty();
    }

    @Test
    void whatIsNoRecordingOrDamagedLeavesNoFile() throws IOException {
        byte[] damaged = Files.readAllBytes(recording());
        for (int i = 100; i < damaged.length; i++) {
            damaged[i] = (byte) 0xff;
        }
        for (Path file : List.of(
                Files.writeString(folder.resolve("text.jfr"), "a;b 1"),
                Files.write(folder.resolve("damaged.jfr"), damaged))) {
            Ran ran = Ran.davy("scrub", file.toString());

            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).contains("cannot be read, so its secrets cannot be found");
        }
        assertThat(Ran.davy("scrub", folder.resolve("none.jfr").toString()).code())
                .isEqualTo(4);
        try (var files = Files.list(folder)) {
            assertThat(files.filter(each -> each.toString().contains("scrubbed")))
                    .isEmpty();
        }
    }
}
