package io.davylamp.jfr;

import java.io.IOException;

/**
 * The 68 bytes at the start of a chunk.
 *
 * @param offset where the chunk starts in the file
 * @param sizeBytes size of the whole chunk, header included
 * @param poolOffset where the last constant pool event is, from the chunk's start
 * @param metadataOffset where the metadata event is, from the chunk's start
 * @param startNanos wall-clock time of {@code startTicks}, nanoseconds since the epoch
 * @param durationNanos length of the chunk's time
 * @param ticksPerSecond frequency of the clock that stamps events
 */
public record ChunkHeader(
        long offset,
        int major,
        int minor,
        long sizeBytes,
        long poolOffset,
        long metadataOffset,
        long startNanos,
        long durationNanos,
        long startTicks,
        long ticksPerSecond) {

    static final int BYTES = 68;
    private static final int MAGIC = 'F' << 24 | 'L' << 16 | 'R' << 8;
    private static final int COMPRESSED_INTS = 1;

    static ChunkHeader read(ByteSource source, long offset) throws IOException {
        Input in = new Input(source, offset, Math.min(source.sizeBytes(), offset + BYTES));
        int magic = in.readFixedInt();
        if (magic != MAGIC) {
            throw new MalformedJfrException(offset, "magic", String.format("0x%08x instead of \"FLR\\0\"", magic));
        }
        if (source.sizeBytes() - offset < BYTES) {
            throw new MalformedJfrException(
                    offset,
                    "chunk header",
                    "needs " + BYTES + " bytes, but " + (source.sizeBytes() - offset) + " are left");
        }
        int major = in.readFixedShort();
        int minor = in.readFixedShort();
        if (major != 1 && major != 2) {
            throw new MalformedJfrException(
                    offset + 4,
                    "version",
                    major + "." + minor
                            + "; only 1.x (JDK 9 and 10) and 2.x (JDK 11 and later, 8u262 and later) are read"
                            + (major == 0 ? ", not what Oracle's JDK 7 and 8 write" : ""));
        }
        long sizeBytes = in.readFixedLong();
        long poolOffset = in.readFixedLong();
        long metadataOffset = in.readFixedLong();
        long startNanos = in.readFixedLong();
        long durationNanos = in.readFixedLong();
        long startTicks = in.readFixedLong();
        long ticksPerSecond = in.readFixedLong();
        int features = in.readFixedInt();
        if (sizeBytes == 0) {
            throw new MalformedJfrException(offset + 8, "chunk size", "0: the chunk was never finished by its writer");
        }
        if (sizeBytes < BYTES || sizeBytes > source.sizeBytes() - offset) {
            throw new MalformedJfrException(
                    offset + 8,
                    "chunk size",
                    sizeBytes + ", but " + (source.sizeBytes() - offset) + " bytes are left in the file");
        }
        requireInside(offset + 16, "constant pool offset", poolOffset, sizeBytes);
        requireInside(offset + 24, "metadata offset", metadataOffset, sizeBytes);
        if (ticksPerSecond <= 0) {
            throw new MalformedJfrException(offset + 56, "ticks per second", ticksPerSecond + " is not above 0");
        }
        if ((features & COMPRESSED_INTS) == 0) {
            throw new MalformedJfrException(offset + 64, "features", "integers are not compressed; not supported");
        }
        return new ChunkHeader(
                offset,
                major,
                minor,
                sizeBytes,
                poolOffset,
                metadataOffset,
                startNanos,
                durationNanos,
                startTicks,
                ticksPerSecond);
    }

    private static void requireInside(long at, String field, long value, long sizeBytes) throws MalformedJfrException {
        if (value < BYTES || value >= sizeBytes) {
            throw new MalformedJfrException(
                    at, field, value + " is outside of the chunk (" + BYTES + " to " + sizeBytes + ")");
        }
    }

    /** Nanoseconds since the epoch of an event's time stamp. */
    public long nanosAt(long ticks) {
        return startNanos + nanos(ticks - startTicks);
    }

    /** Length in nanoseconds, rounded as the JDK's own reader rounds it. */
    public long nanos(long ticks) {
        return (long) (ticks / (ticksPerSecond / 1e9));
    }
}
