package io.davylamp.jfr;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A forward reader over a region of a {@link ByteSource}, through a window on the heap. Not thread-safe.
 *
 * <p>No read goes past the region's end; what would is a {@link MalformedJfrException}.
 */
final class Input {
    private static final int WINDOW_BYTES = 256 << 10;
    /** The longest varint: eight groups of seven bits and one whole byte. */
    private static final int MAX_VARINT = 9;

    private final ByteSource source;
    private final byte[] window;
    /** Offset in the source of {@code window[0]}. */
    private long base;

    private int pos;
    /** Bytes of the window that are valid and inside the region. */
    private int limit;

    private long end;

    Input(ByteSource source, long from, long end) {
        this.source = source;
        this.base = from;
        this.end = end;
        // No larger than the region: a file may have many chunks of few bytes.
        this.window = new byte[(int) Math.min(WINDOW_BYTES, Math.max(0, end - from))];
    }

    long position() {
        return base + pos;
    }

    long end() {
        return end;
    }

    /** Moves to an absolute position inside the region. */
    void seek(long position, String field) throws MalformedJfrException {
        if (position < 0 || position > end) {
            throw new MalformedJfrException(position(), field, "position " + position + " is outside of 0 to " + end);
        }
        long inWindow = position - base;
        if (inWindow >= 0 && inWindow <= limit) {
            pos = (int) inWindow;
        } else {
            base = position;
            pos = 0;
            limit = 0;
        }
    }

    void skip(long bytes, String field) throws MalformedJfrException {
        if (bytes < 0 || bytes > end - position()) {
            throw new MalformedJfrException(
                    position(), field, "length " + bytes + ", but " + (end - position()) + " bytes are left");
        }
        seek(position() + bytes, field);
    }

    /** Makes at least {@code bytes} readable in the window, or as many as the region has. */
    private void refill() throws IOException {
        base += pos;
        int kept = limit - pos;
        System.arraycopy(window, pos, window, 0, kept);
        pos = 0;
        int want = (int) Math.min(window.length - kept, end - base - kept);
        limit = kept + (want > 0 ? Math.max(0, source.read(base + kept, window, kept, want)) : 0);
    }

    /** The window itself, for readers that look at many bytes at once: valid from {@link #ensure} on. */
    byte[] window() {
        return window;
    }

    /** Index in the window from which {@code bytes} bytes can be read, or -1 when the region has fewer left. */
    int ensure(int bytes) throws IOException {
        if (limit - pos < bytes) {
            refill();
            if (limit < bytes) {
                return -1;
            }
        }
        return pos;
    }

    /** Index in the window behind the last byte that can be read there; valid from {@link #ensure} on. */
    int limit() {
        return limit;
    }

    /** Steps over bytes that {@link #ensure} has made readable. */
    void advance(int bytes) {
        pos += bytes;
    }

    byte readByte() throws IOException {
        if (pos == limit) {
            refill();
            if (limit == 0) {
                throw new MalformedJfrException(position(), "byte", "the data ends here");
            }
        }
        return window[pos++];
    }

    /** LEB128 as JFR writes it; padded forms are legal. */
    long readVar() throws IOException {
        if (limit - pos < MAX_VARINT) {
            refill();
            if (limit < MAX_VARINT) {
                return readVarAtEnd();
            }
        }
        byte[] w = window;
        int p = pos;
        byte b = w[p++];
        // Most varints of a recording are one or two bytes; the sign bit is the continuation bit.
        if (b >= 0) {
            pos = p;
            return b;
        }
        long value = b & 0x7f;
        b = w[p++];
        if (b >= 0) {
            pos = p;
            return value | (long) b << 7;
        }
        value |= (b & 0x7fL) << 7;
        for (int shift = 14; shift < 56; shift += 7) {
            b = w[p++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                pos = p;
                return value;
            }
        }
        value |= (w[p++] & 0xffL) << 56;
        pos = p;
        return value;
    }

    private long readVarAtEnd() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            byte b = readByte();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return value | (readByte() & 0xffL) << 56;
    }

    void skipVars(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            readVar();
        }
    }

    /** A varint that counts things of at least {@code minBytes} each, of which more than are left cannot follow. */
    int readCount(String field, int max, int minBytes) throws IOException {
        long at = position();
        long count = readVar();
        if (count < 0 || count > max) {
            throw new MalformedJfrException(at, field, "count " + count + " is outside of 0 to " + max);
        }
        if (count * minBytes > end - position()) {
            throw new MalformedJfrException(
                    at, field, "count " + count + ", but only " + (end - position()) + " bytes are left");
        }
        return (int) count;
    }

    private long readBigEndian(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | readByte() & 0xff;
        }
        return value;
    }

    int readFixedInt() throws IOException {
        return (int) readBigEndian(4);
    }

    long readFixedLong() throws IOException {
        return readBigEndian(8);
    }

    int readFixedShort() throws IOException {
        return (int) readBigEndian(2);
    }

    static final int STRING_NULL = 0;
    static final int STRING_EMPTY = 1;
    static final int STRING_POOL = 2;
    static final int STRING_UTF8 = 3;
    static final int STRING_CHARS = 4;
    static final int STRING_LATIN1 = 5;

    /** Reads the body of a string whose encoding byte is not {@link #STRING_POOL}; null for the null string. */
    String readStringBody(int encoding, String field, int maxBytes) throws IOException {
        switch (encoding) {
            case STRING_NULL:
                return null;
            case STRING_EMPTY:
                return "";
            case STRING_UTF8:
                return new String(readBytes(field, maxBytes), StandardCharsets.UTF_8);
            case STRING_LATIN1:
                return new String(readBytes(field, maxBytes), StandardCharsets.ISO_8859_1);
            case STRING_CHARS:
                char[] chars = new char[readCount(field, maxBytes, 1)];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = (char) readVar();
                }
                return new String(chars);
            default:
                throw new MalformedJfrException(
                        position() - 1, field, "string encoding " + encoding + " is outside of 0 to 5");
        }
    }

    void skipString(String field) throws IOException {
        int encoding = readByte();
        switch (encoding) {
            case STRING_NULL:
            case STRING_EMPTY:
                return;
            case STRING_POOL:
                readVar();
                return;
            case STRING_UTF8:
            case STRING_LATIN1:
                skip(readVar(), field);
                return;
            case STRING_CHARS:
                skipVars(readCount(field, Integer.MAX_VALUE, 1));
                return;
            default:
                throw new MalformedJfrException(
                        position() - 1, field, "string encoding " + encoding + " is outside of 0 to 5");
        }
    }

    private byte[] readBytes(String field, int maxBytes) throws IOException {
        byte[] bytes = new byte[readCount(field, maxBytes, 1)];
        int done = 0;
        while (done < bytes.length) {
            if (pos == limit) {
                refill();
                if (limit == 0) {
                    throw new MalformedJfrException(position(), field, "the data ends here");
                }
            }
            int n = Math.min(bytes.length - done, limit - pos);
            System.arraycopy(window, pos, bytes, done, n);
            pos += n;
            done += n;
        }
        return bytes;
    }
}
