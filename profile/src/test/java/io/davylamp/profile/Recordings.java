package io.davylamp.profile;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The real recordings among the test resources. */
public final class Recordings {
    private Recordings() {}

    public static byte[] bytes(String file) {
        try (InputStream in = new ZstdInputStream(
                Objects.requireNonNull(Recordings.class.getResourceAsStream("/recordings/" + file + ".zst"), file))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SeekableBytes source(String file) {
        return SeekableBytes.of(bytes(file));
    }
}
