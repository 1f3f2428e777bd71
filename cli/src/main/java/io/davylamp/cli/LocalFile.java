package io.davylamp.cli;

import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.Profile;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.export.ProfileFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a local file: a recording, or a file of another profiler; also packed. */
final class LocalFile {
    private LocalFile() {}

    static boolean is(String idOrFile) {
        return idOrFile.contains("/") || idOrFile.contains(".") || Files.exists(Path.of(idOrFile));
    }

    /** Reads a file; its warnings go to standard error. */
    static Profile read(String name) {
        Path file = Path.of(name);
        if (Files.isDirectory(file)) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    name + " is a folder; name the recordings in it: " + name.replaceAll("/+$", "") + "/*.jfr");
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no file " + name);
        }
        try {
            Profile profile;
            try (Progress progress = Progress.quick("reading " + name + " (" + Numbers.bytes(Files.size(file)) + ")")) {
                profile = ProfileFile.read(file);
            }
            profile.info().warnings().forEach(warning -> Terminal.say("davy: " + name + ": " + warning));
            return profile;
        } catch (NoSamplesException e) {
            throw new CommandException(ExitCode.FAILED, name + " " + e.getMessage());
        } catch (UnreadableRecordingException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e);
        }
    }
}
