package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.JfrLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A recording of one chunk whose events of one type have their strings in another encoding. Such an event must be {@code
 * startTime, two strings}, as async-profiler writes a system property.
 */
final class StringsRecoded {
    private static final int HEADER = 68;

    private StringsRecoded() {}

    static byte[] as(int encoding, byte[] recording, String typeName) throws IOException {
        JfrFile file = JfrFile.open(ByteSource.of(recording), JfrLimits.DEFAULT);
        long type = file.open(file.chunks().get(0)).metadata().type(typeName).id();
        ByteBuffer head = ByteBuffer.wrap(recording.clone());
        long pools = head.getLong(16);
        long metadata = head.getLong(24);
        long newPools = 0;
        long newMetadata = 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(recording, 0, HEADER);
        int[] at = {HEADER};
        while (at[0] < recording.length) {
            int from = at[0];
            newPools = from == pools ? out.size() : newPools;
            newMetadata = from == metadata ? out.size() : newMetadata;
            int size = (int) varint(recording, at);
            int body = at[0];
            if (varint(recording, at) == type) {
                ByteArrayOutputStream event = new ByteArrayOutputStream();
                put(event, type);
                put(event, varint(recording, at));
                recode(recording, at, encoding, event);
                recode(recording, at, encoding, event);
                put4(out, event.size() + 4);
                event.writeTo(out);
            } else {
                out.write(recording, from, size);
            }
            at[0] = from + size;
            if (body == from) {
                throw new IllegalStateException();
            }
        }
        byte[] recoded = out.toByteArray();
        ByteBuffer.wrap(recoded)
                .putLong(8, recoded.length)
                .putLong(16, newPools)
                .putLong(24, newMetadata);
        return recoded;
    }

    private static void recode(byte[] from, int[] at, int encoding, ByteArrayOutputStream to) {
        int was = from[at[0]++];
        if (was == 0 || was == 1) {
            to.write(was);
            return;
        }
        int length = (int) varint(from, at);
        String text = new String(from, at[0], length, was == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        at[0] += length;
        to.write(encoding);
        if (encoding == 4) {
            put(to, text.length());
            for (char c : text.toCharArray()) {
                // Padded, as is legal: so that stars of several bytes are tried.
                to.write(c & 0x7f | 0x80);
                to.write(c >> 7);
            }
        } else {
            byte[] bytes = text.getBytes(encoding == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            put(to, bytes.length);
            to.writeBytes(bytes);
        }
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            byte b = bytes[at[0]++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return value | (bytes[at[0]++] & 0xffL) << 56;
    }

    private static void put(ByteArrayOutputStream to, long value) {
        long rest = value;
        while (rest >= 0x80) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    /** A varint of four bytes, as writers have sizes that they fill in later. */
    private static void put4(ByteArrayOutputStream to, int value) {
        to.write(value & 0x7f | 0x80);
        to.write(value >> 7 & 0x7f | 0x80);
        to.write(value >> 14 & 0x7f | 0x80);
        to.write(value >> 21 & 0x7f);
    }
}
