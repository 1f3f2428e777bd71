package io.davylamp.jfr;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A chunk put together byte by byte, from the format's description and not from the reader. */
final class CraftedChunk {
    static final int STRING_TYPE = 20;
    static final int LATIN1 = 5;
    private static final int HEADER = 68;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<String> strings = new ArrayList<>(List.of("root", "metadata", "class", "field", "id", "name"));
    private final ByteArrayOutputStream classes = new ByteArrayOutputStream();
    private int classCount;

    /** Where the next byte of the body will be in the chunk. */
    int position() {
        return HEADER + body.size();
    }

    CraftedChunk varints(long... values) {
        for (long value : values) {
            varint(value, body);
        }
        return this;
    }

    CraftedChunk text(String latin1) {
        varints(LATIN1, latin1.length());
        body.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** A size that always takes five bytes, as async-profiler writes it. */
    CraftedChunk size(int value) {
        for (int i = 0; i < 4; i++) {
            body.write(value >>> 7 * i & 0x7f | 0x80);
        }
        body.write(value >>> 28 & 0x7f);
        return this;
    }

    /**
     * Declares a type.
     *
     * @param fields alternately a name and the number of its type; {@code name[]} for an array
     */
    CraftedChunk type(long id, String name, Object... fields) {
        varint(index("class"), classes);
        varint(2, classes);
        attribute("id", Long.toString(id));
        attribute("name", name);
        varint(fields.length / 2, classes);
        for (int i = 0; i < fields.length; i += 2) {
            String field = (String) fields[i];
            boolean array = field.endsWith("[]");
            varint(index("field"), classes);
            varint(array ? 3 : 2, classes);
            attribute("name", array ? field.substring(0, field.length() - 2) : field);
            attribute("class", fields[i + 1].toString());
            if (array) {
                attribute("dimension", "1");
            }
            varint(0, classes);
        }
        classCount++;
        return this;
    }

    /** The whole chunk: header, body, metadata. */
    byte[] finish(int lastCheckpoint) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        for (long value : new long[] {0, 0, 0, 1}) { // type, start, duration, metadata id
            varint(value, event);
        }
        varint(strings.size(), event);
        for (String string : strings) {
            varint(LATIN1, event);
            varint(string.length(), event);
            event.writeBytes(string.getBytes(StandardCharsets.ISO_8859_1));
        }
        for (long value : new long[] {index("root"), 0, 1, index("metadata"), 0, classCount}) {
            varint(value, event);
        }
        event.writeBytes(classes.toByteArray());
        int metadata = position();
        size(event.size() + 5);
        body.writeBytes(event.toByteArray());
        return ByteBuffer.allocate(position())
                .put(new byte[] {'F', 'L', 'R', 0, 0, 2, 0, 1})
                .putLong(position())
                .putLong(lastCheckpoint)
                .putLong(metadata)
                .putLong(0)
                .putLong(1)
                .putLong(0)
                .putLong(1_000_000_000)
                .putInt(1)
                .put(body.toByteArray())
                .array();
    }

    private void attribute(String key, String value) {
        varint(index(key), classes);
        varint(index(value), classes);
    }

    private int index(String string) {
        if (!strings.contains(string)) {
            strings.add(string);
        }
        return strings.indexOf(string);
    }

    private static void varint(long value, ByteArrayOutputStream out) {
        long rest = value;
        for (int i = 0; i < 8 && (rest & ~0x7fL) != 0; i++) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
