package io.davylamp.benchmarks;

import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.jfr.JfrImport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Bytes of the stored form, and the times to write and to read it. */
final class StoredBench {
    private StoredBench() {}

    static byte[] stored(Profile profile) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        ProfileCodec.write(profile, out);
        return out.toByteArray();
    }

    static void run(Path recording) throws Exception {
        byte[] bytes = Corpus.bytes(recording);
        Profile profile = JfrImport.read(SeekableBytes.of(bytes));
        byte[] stored = stored(profile);
        long events = profile.measures().values().stream()
                .mapToLong(samples -> samples.size())
                .sum();
        System.out.printf(
                "%s: %d bytes, %d events, %d stack nodes; stored %d bytes, 1/%.1f of the recording, %.2f bytes per event%n",
                recording.getFileName(),
                bytes.length,
                events,
                profile.stackCount(),
                stored.length,
                (double) bytes.length / stored.length,
                (double) stored.length / events);
        Ratios.note("recording / stored", (double) bytes.length / stored.length);
        Ratios.note("stored bytes / events", (double) stored.length / events);
        new Contest()
                .add("write", 7, () -> stored(profile))
                .add("read", 7, () -> ProfileCodec.read(SeekableBytes.of(stored)))
                .run();
    }
}
