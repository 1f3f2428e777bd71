package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files among those of a container, which may lay links into our way. */
class TargetFilesTest {
    @TempDir
    Path folder;

    private Path root;
    private Path jar;
    private TargetFiles files;

    @BeforeEach
    void aContainer() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("var/tmp"));
        jar = Files.writeString(folder.resolve("agent.jar"), "a".repeat(200_000));
        // As /proc/7/root is.
        files = new TargetFiles(Files.createSymbolicLink(folder.resolve("link"), root));
    }

    @Test
    void aCopyIsForEverybodyInTheContainer() throws IOException {
        files.copy(jar, "/var/tmp", "a.jar");
        files.copy(jar, "/var/tmp", "a.jar");

        Path copy = root.resolve("var/tmp/a.jar");
        assertThat(copy).hasSameBinaryContentAs(jar);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void aRequestIsForItsOwnerAndGoesAgain() throws IOException {
        files.touch("/var/tmp", ".attach_pid7");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("var/tmp/.attach_pid7"))))
                .isEqualTo("rw-------");

        files.delete("/var/tmp", ".attach_pid7");
        files.delete("/var/tmp", ".attach_pid7");
        assertThat(root.resolve("var/tmp")).isEmptyDirectory();
    }

    /** Seen from outside, an absolute link in a container leads to files of ours. */
    @Test
    void noLinkIsFollowed() throws IOException {
        Path ours = Files.createDirectories(folder.resolve("ours"));
        Path file = Files.writeString(ours.resolve("file"), "kept");
        Files.createSymbolicLink(root.resolve("tmp"), ours);
        Files.createSymbolicLink(root.resolve("var/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("var/tmp/a.jar"), file);

        assertThatThrownBy(() -> files.copy(jar, "/tmp", "a.jar")).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> files.copy(jar, "/var/up", "a.jar")).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> files.copy(jar, "/var/../../ours", "a.jar")).isInstanceOf(FileSystemException.class);
        files.copy(jar, "/var/tmp", "a.jar");

        assertThat(ours).isDirectoryNotContaining(each -> !each.equals(file));
        assertThat(file).hasContent("kept");
        assertThat(root.resolve("var/tmp/a.jar")).isRegularFile().hasSameBinaryContentAs(jar);
    }
}
