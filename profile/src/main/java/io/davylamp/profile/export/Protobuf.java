package io.davylamp.profile.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntToLongFunction;

/**
 * One message in protobuf's wire format; parts are messages of their own. Fields whose value is the default are left out. Source:
 * protobuf.dev/programming-guides/encoding.
 */
final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Protobuf number(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }
        return this;
    }

    /** One of several that a field may be: also written when it is 0. */
    Protobuf numberAlways(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    Protobuf bytes(int field, byte[] value) {
        return part(field, value);
    }

    Protobuf fixed64(int field, long value) {
        if (value != 0) {
            varint((long) field << 3 | FIXED64);
            for (int shift = 0; shift < 64; shift += 8) {
                bytes.write((int) (value >>> shift));
            }
        }
        return this;
    }

    /** An element of a repeated field: also written when it is empty. */
    Protobuf text(int field, String text) {
        return part(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf message(int field, Protobuf message) {
        varint((long) field << 3 | LENGTH);
        varint(message.bytes.size());
        try {
            message.bytes.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Protobuf packed(int field, int count, IntToLongFunction values) {
        if (count > 0) {
            Protobuf list = new Protobuf();
            for (int i = 0; i < count; i++) {
                list.varint(values.applyAsLong(i));
            }
            part(field, list.toByteArray());
        }
        return this;
    }

    /** Fixed numbers of 64 bits. */
    Protobuf packedFixed64(int field, int count, IntToLongFunction values) {
        if (count > 0) {
            varint((long) field << 3 | LENGTH);
            varint(8L * count);
            for (int i = 0; i < count; i++) {
                long value = values.applyAsLong(i);
                for (int shift = 0; shift < 64; shift += 8) {
                    bytes.write((int) (value >>> shift));
                }
            }
        }
        return this;
    }

    private Protobuf part(int field, byte[] part) {
        varint((long) field << 3 | LENGTH);
        varint(part.length);
        bytes.writeBytes(part);
        return this;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** Adds the fields of another part of the same message. */
    void append(Protobuf fields) throws IOException {
        fields.bytes.writeTo(bytes);
    }

    /** Writes what there is and forgets it: a message that is written field by field. */
    void moveTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
        bytes.reset();
    }

    void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }
}
