package io.davylamp.cli;

import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.container.Unpacked;
import io.davylamp.profile.jfr.ScrubbedRecording;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "scrub",
        description = "Write a copy of a recording (.jfr) without its secrets.",
        mixinStandardHelpOptions = true)
final class ScrubCommand implements Callable<Integer> {
    private static final int PIECE_BYTES = 64 << 10;

    @Mixin
    private Output shared;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Option(names = "-o", paramLabel = "FILE", description = "file to write; default: FILE-scrubbed.jfr")
    private Path out;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw new CommandException(ExitCode.NOT_FOUND, "there is no file " + file);
        }
        Path target =
                out != null ? out : file.resolveSibling(name(file.getFileName().toString()));
        Path part = target.resolveSibling(target.getFileName() + ".part");
        long hidden;
        try (FileChannel channel = FileChannel.open(file);
                Unpacked unpacked = new Unpacked(SeekableBytes.of(channel), UnpackLimits.LOCAL, Scratch::temporary)) {
            if (!ScrubbedRecording.isRecording(unpacked.start())) {
                throw new UnreadableRecordingException("it is no recording (JFR)", null);
            }
            ScrubbedRecording scrubbed = ScrubbedRecording.of(unpacked.seekable());
            if (!unpacked.damage().isEmpty()) {
                throw new UnreadableRecordingException(unpacked.damage(), null);
            }
            try {
                try (OutputStream to = Files.newOutputStream(part)) {
                    copy(scrubbed, to);
                }
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
            hidden = scrubbed.hiddenBytes();
        } catch (UnreadableRecordingException e) {
            throw new CommandException(
                    ExitCode.FAILED, file + " cannot be read, so its secrets cannot be found: " + e.getMessage());
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write " + target + ": " + e);
        }
        if (shared.json) {
            shared.printJson(Map.of("file", target.toString(), "hiddenBytes", hidden));
        } else {
            System.out.println(target + "  " + hidden + " bytes of secrets overwritten");
        }
        return ExitCode.OK;
    }

    private static void copy(ScrubbedRecording scrubbed, OutputStream to) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long at = 0; at < scrubbed.sizeBytes(); ) {
            int n = scrubbed.read(at, piece, 0, (int) Math.min(piece.length, scrubbed.sizeBytes() - at));
            if (n <= 0) {
                throw new IOException("the file ends after " + at + " bytes");
            }
            to.write(piece, 0, n);
            at += n;
        }
    }

    /** {@code a-scrubbed.jfr} for {@code a.jfr} and {@code a.jfr.gz}. */
    static String name(String file) {
        return file.replaceFirst("(\\.jfr)?(\\.(gz|zip|zst|lz4))?$", "") + "-scrubbed.jfr";
    }
}
