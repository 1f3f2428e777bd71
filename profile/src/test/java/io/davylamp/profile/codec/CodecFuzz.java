package io.davylamp.profile.codec;

import com.github.luben.zstd.Zstd;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.JfrImport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Jazzer's target for stored profiles. Checksums would stop nearly every change at the door; so the first byte of the input chooses a
 * section of a good profile, and the rest replaces its body, with a checksum that is right.
 */
public final class CodecFuzz {
    private record Body(int kind, int measure, long first, long last, byte[] raw) {}

    private static final List<Body> GOOD = good();

    private CodecFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        List<Body> bodies = new ArrayList<>(GOOD);
        int chosen = Math.floorMod(data[0], bodies.size());
        Body old = bodies.get(chosen);
        bodies.set(
                chosen, new Body(old.kind, old.measure, old.first, old.last, Arrays.copyOfRange(data, 1, data.length)));
        try {
            Profile profile = ProfileCodec.read(SeekableBytes.of(file(bodies)));
            profile.summaries();
            profile.weightBytes();
        } catch (DamagedProfileException e) {
            // what a bad section is for
        }
    }

    /** A good body for each section, as the fuzzer's input. */
    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < GOOD.size(); i++) {
            byte[] seed = new byte[GOOD.get(i).raw.length + 1];
            seed[0] = (byte) i;
            System.arraycopy(GOOD.get(i).raw, 0, seed, 1, seed.length - 1);
            seeds.add(seed);
        }
        return seeds;
    }

    /** A good profile with a section of each of these kinds before its own sections, among them, and behind them. */
    static byte[] withSections(int... kinds) {
        List<Body> bodies = new ArrayList<>(GOOD);
        for (int kind : kinds) {
            for (int at : new int[] {bodies.size(), bodies.size() / 2, 0}) {
                bodies.add(at, new Body(kind, 0, 1, 2, new byte[] {1, 2, 3}));
            }
        }
        return file(bodies);
    }

    private static List<Body> good() {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ProfileCodec.write(JfrImport.read(Recordings.source("tiny_demo.jfr")), out);
            byte[] file = out.toByteArray();
            ByteBuffer trailer = ByteBuffer.wrap(file, file.length - ProfileCodec.TRAILER_BYTES, 8);
            int footerBytes = trailer.getInt();
            int footerAt = file.length - ProfileCodec.TRAILER_BYTES - footerBytes;
            Bytes.In footer = new Bytes.In("footer", Arrays.copyOfRange(file, footerAt, footerAt + footerBytes));
            List<Body> bodies = new ArrayList<>();
            for (long n = footer.varint(); n > 0; n--) {
                int kind = (int) footer.varint();
                int measure = (int) footer.varint();
                long first = footer.zigzag();
                long last = footer.zigzag();
                int position = (int) footer.varint();
                int packed = (int) footer.varint();
                int raw = (int) footer.varint();
                footer.varint();
                bodies.add(new Body(
                        kind,
                        measure,
                        first,
                        last,
                        Zstd.decompress(Arrays.copyOfRange(file, position, position + packed), raw)));
            }
            return bodies;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] file(List<Body> bodies) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ProfileCodec.MAGIC);
        out.writeBytes(new byte[] {0, ProfileCodec.VERSION});
        Bytes.Out footer = new Bytes.Out();
        footer.varint(bodies.size());
        for (Body body : bodies) {
            byte[] packed = Zstd.compress(body.raw, 1);
            footer.varint(body.kind);
            footer.varint(body.measure);
            footer.zigzag(body.first);
            footer.zigzag(body.last);
            footer.varint(out.size());
            footer.varint(packed.length);
            footer.varint(body.raw.length);
            footer.varint(ProfileCodec.crc(packed) & 0xffffffffL);
            out.writeBytes(packed);
        }
        byte[] all = footer.toArray();
        out.writeBytes(all);
        out.writeBytes(ByteBuffer.allocate(8)
                .putInt(all.length)
                .putInt(ProfileCodec.crc(all))
                .array());
        out.writeBytes(ProfileCodec.MAGIC);
        return out.toByteArray();
    }
}
