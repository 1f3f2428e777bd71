package io.davylamp.profile.export;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.container.Unpacked;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that somebody wants to look at: a recording, or what another profiler wrote ({@link FileKind}); as it is, or inside gzip, zip, lz4 or zstd. What it is
 * shows in its bytes; its name does not matter.
 */
public final class ProfileFile {
    private static final int STREAM_BYTES = 64 << 10;

    private ProfileFile() {}

    /**
     * Reads a file of this machine into memory, with all processors.
     *
     * @throws UnreadableRecordingException if it is none of what can be read, is damaged, or holds no samples, in words
     */
    public static Profile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(SeekableBytes.of(channel), UnpackLimits.LOCAL, Scratch::temporary);
        }
    }

    /**
     * Reads bytes that are anywhere.
     *
     * @param limits what a packed file may become
     * @param scratch where a packed recording lies unpacked while it is read
     */
    public static Profile read(SeekableBytes bytes, UnpackLimits limits, Scratch.Source scratch) throws IOException {
        if (bytes.sizeBytes() == 0) {
            throw new UnreadableRecordingException("the file is empty", null);
        }
        try (Unpacked file = new Unpacked(bytes, limits, scratch)) {
            return NoSamplesException.requireSamples(
                    switch (FileKind.of(file.start())) {
                        case RECORDING -> recording(file);
                        case COLLAPSED, PERF_SCRIPT -> text(file);
                        case SPEEDSCOPE -> SpeedscopeImport.read(file::stream, ProfileLimits.DEFAULT);
                        case PPROF -> PprofImport.read(file::stream, ProfileLimits.DEFAULT);
                        case UNKNOWN -> throw unknown(file);
                    });
        }
    }

    private static Profile recording(Unpacked file) throws IOException {
        SeekableBytes bytes = file.seekable();
        String damage = file.damage();
        try {
            Profile profile = JfrImport.read(
                    bytes,
                    NameRules.CURRENT,
                    JfrLimits.DEFAULT,
                    ProfileLimits.DEFAULT,
                    Runtime.getRuntime().availableProcessors());
            return damage.isEmpty() ? profile : profile.with(profile.info().withWarning(damage));
        } catch (UnreadableRecordingException e) {
            throw damage.isEmpty() ? e : new UnreadableRecordingException(damage + "; " + e.getMessage(), e);
        }
    }

    private static Profile text(Unpacked file) throws IOException {
        try (InputStream in = new BufferedInputStream(file.stream(), STREAM_BYTES)) {
            in.mark(STREAM_BYTES);
            byte[] start = new byte[STREAM_BYTES];
            int length = in.readNBytes(start, 0, STREAM_BYTES);
            in.reset();
            return FileKind.ofText(start, length) == FileKind.PERF_SCRIPT
                    ? PerfScriptImport.read(in, ProfileLimits.DEFAULT)
                    : CollapsedImport.read(in, ProfileLimits.DEFAULT);
        }
    }

    private static UnreadableRecordingException unknown(Unpacked file) {
        if (file.start().length == 0) {
            return new UnreadableRecordingException("what the " + file.layers() + " holds is empty", null);
        }
        return new UnreadableRecordingException(
                (file.isPacked() ? "what the " + file.layers() + " holds" : "it")
                        + " is none of what can be opened: a recording (JFR), pprof, speedscope, collapsed stacks, perf script",
                null);
    }
}
