package io.davylamp.cli;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.jfr.JfrImport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;

/** A recording on this machine's disk. */
final class LocalFile {
    private LocalFile() {}

    static boolean is(String idOrFile) {
        return idOrFile.contains("/") || idOrFile.contains(".") || Files.exists(Path.of(idOrFile));
    }

    static Profile read(String name, boolean rawNames) {
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no file " + name);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long sizeBytes = channel.size();
            SeekableBytes bytes = new SeekableBytes() {
                @Override
                public long sizeBytes() {
                    return sizeBytes;
                }

                @Override
                public int read(long position, byte[] into, int offset, int length) throws IOException {
                    ByteBuffer target = ByteBuffer.wrap(into, offset, length);
                    while (target.hasRemaining() && channel.read(target, position + target.position() - offset) >= 0) {}
                    return target.position() - offset;
                }
            };
            Profile profile = JfrImport.read(
                    bytes, rawNames ? NameRules.RAW : NameRules.CURRENT, JfrLimits.DEFAULT, ProfileLimits.DEFAULT);
            profile.info().warnings().forEach(warning -> System.err.println("davy: " + name + ": " + warning));
            return profile;
        } catch (UnreadableRecordingException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, name + " cannot be read: " + e);
        }
    }

    /** The measure of that name; the first one there is for null. */
    static Measure measure(Profile profile, String name) {
        if (profile.measures().isEmpty()) {
            throw new CommandException(ExitCode.FAILED, "the recording holds no samples");
        }
        Measure measure = name == null ? profile.measures().firstKey() : profile.measure(name);
        if (measure == null) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "the recording has no measure \"" + name + "\"; it has "
                            + profile.measures().keySet().stream()
                                    .map(Measure::name)
                                    .collect(Collectors.joining(", ")));
        }
        return measure;
    }
}
