package io.davylamp.profile.export;

import io.davylamp.profile.UnreadableRecordingException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a text of any system: UTF-8, or UTF-16 with a byte order mark; ended by {@code \n}, {@code \r\n} or {@code \r}. Bytes that are no
 * characters become U+FFFD. Not thread-safe.
 */
final class TextLines {
    private static final int MAX_LINE_CHARACTERS = 16 << 20;
    private static final int BUFFER = 16 << 10;

    private final Reader reader;
    private final char[] buffer = new char[BUFFER];
    private int at;
    private int end;
    private long number;
    /** The last line ended with {@code \r}: a {@code \n} that follows belongs to its end. */
    private boolean afterReturn;

    /** The caller closes {@code in}. */
    TextLines(InputStream in) throws IOException {
        this.reader = reader(in);
    }

    /** The characters of a text, without a byte order mark. The caller closes {@code in}. */
    static Reader reader(InputStream in) throws IOException {
        BufferedInputStream marked = new BufferedInputStream(in, BUFFER);
        marked.mark(3);
        byte[] start = marked.readNBytes(3);
        int mark = markLength(start, start.length);
        marked.reset();
        marked.skipNBytes(mark);
        return new InputStreamReader(marked, charset(start, mark));
    }

    /** The start of a text, without a byte order mark. */
    static String decoded(byte[] start, int length) {
        int mark = markLength(start, length);
        return new String(start, mark, length - mark, charset(start, mark));
    }

    private static int markLength(byte[] start, int length) {
        if (length >= 3 && start[0] == (byte) 0xef && start[1] == (byte) 0xbb && start[2] == (byte) 0xbf) {
            return 3;
        }
        boolean utf16 = length >= 2
                && (start[0] == (byte) 0xff && start[1] == (byte) 0xfe
                        || start[0] == (byte) 0xfe && start[1] == (byte) 0xff);
        return utf16 ? 2 : 0;
    }

    private static Charset charset(byte[] start, int mark) {
        return mark != 2
                ? StandardCharsets.UTF_8
                : start[0] == (byte) 0xff ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }

    /** Number of the line that {@link #next} gave last; the first is 1. */
    long number() {
        return number;
    }

    /**
     * The next line without its end; null after the last.
     *
     * @throws UnreadableRecordingException naming the line, if it is too long
     */
    String next() throws IOException {
        StringBuilder longer = null;
        number++;
        while (true) {
            if (at == end) {
                at = 0;
                end = Math.max(0, reader.read(buffer, 0, buffer.length));
                if (end == 0) {
                    return longer == null ? null : longer.toString();
                }
            }
            if (afterReturn) {
                afterReturn = false;
                if (buffer[at] == '\n') {
                    at++;
                    continue;
                }
            }
            int from = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            if (longer == null && at < end) {
                afterReturn = buffer[at] == '\r';
                return new String(buffer, from, at++ - from);
            }
            longer = longer == null ? new StringBuilder() : longer;
            if (longer.length() + at - from > MAX_LINE_CHARACTERS) {
                throw new UnreadableRecordingException(
                        "line " + number + ": longer than " + MAX_LINE_CHARACTERS + " characters", null);
            }
            longer.append(buffer, from, at - from);
            if (at < end) {
                afterReturn = buffer[at++] == '\r';
                return longer.toString();
            }
        }
    }

    /** Shortens a text for a message. */
    static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
