package io.davylamp.cli;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.export.CollapsedImport;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A recording, or collapsed stacks, on this machine's disk. */
final class LocalFile {
    private static final byte[] JFR = "FLR\0".getBytes(StandardCharsets.US_ASCII);

    private LocalFile() {}

    static boolean is(String idOrFile) {
        return idOrFile.contains("/") || idOrFile.contains(".") || Files.exists(Path.of(idOrFile));
    }

    /** Reads a file; what it warns of goes to standard error. */
    static Profile read(String name) {
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no file " + name);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SeekableBytes bytes = SeekableBytes.of(channel);
            Profile profile = !name.endsWith(".jfr") && isText(bytes)
                    ? readCollapsed(file)
                    : JfrImport.read(
                            bytes,
                            NameRules.CURRENT,
                            JfrLimits.DEFAULT,
                            ProfileLimits.DEFAULT,
                            Runtime.getRuntime().availableProcessors());
            profile.info().warnings().forEach(warning -> System.err.println("davy: " + name + ": " + warning));
            return profile;
        } catch (UnreadableRecordingException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e);
        }
    }

    private static Profile readCollapsed(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return CollapsedImport.read(in, ProfileLimits.DEFAULT);
        }
    }

    /** A file that is not even meant to be a recording: it has no byte of zero near its start. */
    private static boolean isText(SeekableBytes bytes) throws IOException {
        byte[] start = new byte[(int) Math.min(512, bytes.sizeBytes())];
        int read = bytes.read(0, start, 0, start.length);
        if (read == 0 || Arrays.equals(start, 0, Math.min(4, read), JFR, 0, 4)) {
            return false;
        }
        for (int i = 0; i < read; i++) {
            if (start[i] == 0) {
                return false;
            }
        }
        return true;
    }
}
