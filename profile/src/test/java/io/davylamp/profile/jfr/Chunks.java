package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.SeekableBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Recordings taken apart, changed and put together: what {@code jfr disassemble}, a crash or somebody's hand leaves. */
final class Chunks {
    private static final int HEADER = 68;
    private static final int SIZE_AT = 8;
    private static final int START_AT = 32;
    private static final int DURATION_AT = 40;

    private Chunks() {}

    static List<byte[]> of(byte[] recording) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < recording.length; ) {
            int size = (int) ByteBuffer.wrap(recording).getLong(at + SIZE_AT);
            chunks.add(Arrays.copyOfRange(recording, at, at + size));
            at += size;
        }
        return chunks;
    }

    static SeekableBytes file(byte[]... chunks) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            file.writeBytes(chunk);
        }
        return SeekableBytes.of(file.toByteArray());
    }

    static long endNanos(byte[] chunk) {
        return ByteBuffer.wrap(chunk).getLong(START_AT) + ByteBuffer.wrap(chunk).getLong(DURATION_AT);
    }

    /** The chunk as if it had been written from that moment on. */
    static byte[] startingAt(long nanos, byte[] chunk) {
        byte[] moved = chunk.clone();
        ByteBuffer.wrap(moved).putLong(START_AT, nanos);
        return moved;
    }

    /** The chunk without its events of that type: they become events that nobody reads. */
    static byte[] without(String type, byte[] chunk) throws IOException {
        byte[] changed = chunk.clone();
        long id = typeId(type, chunk);
        for (int at = HEADER; at < changed.length; ) {
            int[] position = {at};
            long size = varint(changed, position);
            int typeAt = position[0];
            if (size < 2) {
                break;
            }
            if (varint(changed, position) == id) {
                for (int i = typeAt; i < position[0]; i++) {
                    // The same length, and no type that is read: padding ones are allowed in a varint.
                    changed[i] = (byte) (i == position[0] - 1 ? 0x7f : 0xff);
                }
            }
            at += (int) size;
        }
        return changed;
    }

    /** The chunk whose first event of that type claims to be larger than the chunk: nothing after it can be read. */
    static byte[] damagedAt(String type, byte[] chunk) throws IOException {
        byte[] changed = chunk.clone();
        long id = typeId(type, chunk);
        for (int at = HEADER; at < changed.length; ) {
            int[] position = {at};
            long size = varint(changed, position);
            if (varint(changed, position) == id) {
                changed[at] = 1; // an event of one byte cannot be
                return changed;
            }
            at += (int) size;
        }
        throw new IllegalArgumentException("no " + type);
    }

    /** The chunk with other words of the same length. */
    static byte[] with(String text, String other, byte[] chunk) {
        byte[] from = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] to = other.getBytes(StandardCharsets.ISO_8859_1);
        byte[] changed = chunk.clone();
        for (int at = 0; at + from.length <= changed.length; at++) {
            if (Arrays.equals(changed, at, at + from.length, from, 0, from.length)) {
                System.arraycopy(to, 0, changed, at, Math.min(to.length, from.length));
            }
        }
        return changed;
    }

    private static long typeId(String type, byte[] chunk) throws IOException {
        JfrFile file = JfrFile.open(source(chunk), JfrLimits.DEFAULT);
        return file.open(file.chunks().get(0)).metadata().type(type).id();
    }

    private static ByteSource source(byte[] chunk) {
        SeekableBytes bytes = SeekableBytes.of(chunk);
        return new ByteSource() {
            @Override
            public long sizeBytes() {
                return bytes.sizeBytes();
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                return bytes.read(position, into, offset, length);
            }

            @Override
            public void close() {}
        };
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at[0]++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0 || shift == 56) {
                return value;
            }
        }
    }
}
