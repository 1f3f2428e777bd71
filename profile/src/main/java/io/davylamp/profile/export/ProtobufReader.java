package io.davylamp.profile.export;

import io.davylamp.profile.UnreadableRecordingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Fields of a message in protobuf's wire format, whose parts are read one at a time. Lengths are checked before anything is allocated for
 * them: what a length promises must come. Source: protobuf.dev/programming-guides/encoding. Not thread-safe.
 */
final class ProtobufReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    private static final int MAX_PART_BYTES = 64 << 20;
    private static final int FIRST_PIECE = 64 << 10;

    private final InputStream in;
    private byte[] part = new byte[FIRST_PIECE];
    private long at;
    private int field;
    private int type;

    /** @param in of the message; the caller closes it */
    ProtobufReader(InputStream in) {
        this.in = in;
    }

    /** Goes to the next field; false at the end of the message. Its content must be read or {@linkplain #skip skipped}. */
    boolean next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        at++;
        long key = first & 0x7f;
        if (first >= 0x80) {
            key |= varint() << 7;
        }
        field = (int) (key >>> 3);
        type = (int) (key & 7);
        if (field == 0 || key >>> 32 != 0 || type == 3 || type == 4 || type > 5) {
            throw new UnreadableRecordingException("byte " + at + ": there is no field of protobuf", null);
        }
        return true;
    }

    int field() {
        return field;
    }

    /** Returns the reader's position in the file, in bytes. */
    long at() {
        return at;
    }

    void skip() throws IOException {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> skip(8);
            case FIXED32 -> skip(4);
            default -> skip(length(Long.MAX_VALUE));
        }
    }

    private void skip(long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw cut(e);
        }
        at += bytes;
    }

    /** The number of a field that has one. */
    long number() throws IOException {
        if (type != VARINT) {
            throw new UnreadableRecordingException("byte " + at + ": field " + field + " is no number", null);
        }
        return varint();
    }

    /** The content of a field that is text or a message; valid until the next is read. */
    Part part() throws IOException {
        if (type != LENGTH) {
            throw new UnreadableRecordingException("byte " + at + ": field " + field + " has no length", null);
        }
        int length = (int) length(MAX_PART_BYTES);
        int read = 0;
        while (read < length) {
            if (read == part.length) {
                part = Arrays.copyOf(part, Math.min(length, part.length * 4));
            }
            int n = in.read(part, read, Math.min(part.length, length) - read);
            if (n < 0) {
                throw cut(null);
            }
            read += n;
        }
        at += length;
        return new Part(part, 0, length, at - length);
    }

    private long length(long allowed) throws IOException {
        long from = at;
        long length = varint();
        if (length < 0 || length > allowed) {
            throw new UnreadableRecordingException(
                    "byte " + from + ": field " + field + " is said to have " + Long.toUnsignedString(length)
                            + " bytes",
                    null);
        }
        return length;
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw cut(null);
            }
            at++;
            value |= (b & 0x7fL) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new UnreadableRecordingException("byte " + at + ": a number is longer than 10 bytes", null);
    }

    private UnreadableRecordingException cut(IOException cause) {
        return new UnreadableRecordingException("it ends after byte " + at + ", inside field " + field, cause);
    }

    /** A message inside a message, or a text: bytes from {@code at} on. */
    static final class Part {
        private final byte[] bytes;
        private final int end;
        private final long start;
        private int at;
        private int field;
        private int type;

        private Part(byte[] bytes, int from, int end, long start) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
            this.start = start - from;
        }

        String text() {
            return new String(bytes, at, end - at, StandardCharsets.UTF_8);
        }

        boolean next() throws UnreadableRecordingException {
            if (at >= end) {
                return false;
            }
            long key = varint();
            field = (int) (key >>> 3);
            type = (int) (key & 7);
            if (field == 0 || key >>> 32 != 0) {
                throw damaged("there is no field of protobuf");
            }
            return true;
        }

        int field() {
            return field;
        }

        void skip() throws UnreadableRecordingException {
            switch (type) {
                case VARINT -> varint();
                case FIXED64 -> move(8);
                case FIXED32 -> move(4);
                case LENGTH -> move(varint());
                default -> throw damaged("field " + field + " has no type of protobuf");
            }
        }

        private int move(long by) throws UnreadableRecordingException {
            if (by < 0 || by > end - at) {
                throw damaged("field " + field + " is longer than what it is in");
            }
            int from = at;
            at += (int) by;
            return from;
        }

        long number() throws UnreadableRecordingException {
            if (type != VARINT) {
                throw damaged("field " + field + " is no number");
            }
            return varint();
        }

        Part part() throws UnreadableRecordingException {
            if (type != LENGTH) {
                throw damaged("field " + field + " has no length");
            }
            int from = move(varint());
            return new Part(bytes, from, at, start + from);
        }

        /** Receives the numbers of a repeated field. */
        interface Numbers {
            void number(long value) throws UnreadableRecordingException;
        }

        /** A repeated number, packed or one by one. */
        void numbers(Numbers to) throws UnreadableRecordingException {
            if (type == VARINT) {
                to.number(varint());
                return;
            }
            Part packed = part();
            while (packed.at < packed.end) {
                to.number(packed.varint());
            }
        }

        private long varint() throws UnreadableRecordingException {
            long value = 0;
            for (int shift = 0; shift < 64 && at < end; shift += 7) {
                byte b = bytes[at++];
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw damaged("a number has no end");
        }

        private UnreadableRecordingException damaged(String why) {
            return new UnreadableRecordingException("byte " + (start + at) + ": " + why, null);
        }
    }
}
