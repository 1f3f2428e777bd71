package io.davylamp.agent.link;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must be other in a recording so that SkyWalking's server can read it, up to its version 10.4: that reads with a library of
 * the time of async-profiler 3.0, which knows no pool of constants of type {@code java.lang.String} and loses its place in the
 * file at the first one. async-profiler writes such pools since 4.1. Named as constants of an enumeration they are passed over:
 * a constant of either is a number and a text.
 *
 * <p>Source: JFR's format, version 2; the pools are walked by what the recording's own metadata says of their fields.
 */
final class OlderReader {
    private static final int HEADER_BYTES = 68;
    /** Limit for the metadata of a chunk, and for one of its pool events. */
    private static final int MAX_EVENT_BYTES = 64 << 20;

    private static final int MAX_DEPTH = 16;
    /** Enumerations that the reader gives a meaning to; no others may be among them. */
    private static final String READ_ENUMERATIONS = "jdk.types.FrameType jdk.types.ThreadState";

    private OlderReader() {}

    private static final class Field {
        long type;
        boolean constant;
        boolean array;
    }

    private static final class Type {
        String name;
        boolean simple;
        boolean isEvent;
        final List<Field> fields = new ArrayList<>();
    }

    /**
     * Finds the bytes that must change.
     *
     * @return the new bytes, by position in the file
     * @throws IOException if the file is not a recording of a known form
     */
    static SortedMap<Long, Byte> changes(File recording) throws IOException {
        SortedMap<Long, Byte> changes = new TreeMap<>();
        try (RandomAccessFile file = new RandomAccessFile(recording, "r")) {
            long at = 0;
            while (at + HEADER_BYTES <= file.length()) {
                ByteBuffer header = read(file, at, HEADER_BYTES);
                long bytes = header.getLong(8);
                if (header.getInt(0) != 0x464c5200 || bytes < HEADER_BYTES || at + bytes > file.length()) {
                    throw new IOException("there is no whole chunk at byte " + at);
                }
                Map<Long, Type> types = types(event(file, at + header.getLong(24)));
                long pools = header.getLong(16);
                while (true) {
                    ByteBuffer event = event(file, at + pools);
                    long delta = pools(event, types, at + pools, changes);
                    if (delta == 0) {
                        break;
                    }
                    if (pools + delta < HEADER_BYTES || delta > 0) {
                        throw new IOException("the pools of the chunk at byte " + at + " do not go back");
                    }
                    pools += delta;
                }
                at += bytes;
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the recording cannot be read: " + e);
        }
        return changes;
    }

    private static ByteBuffer read(RandomAccessFile file, long at, int bytes) throws IOException {
        byte[] read = new byte[bytes];
        file.seek(at);
        file.readFully(read);
        return ByteBuffer.wrap(read);
    }

    /** A whole event, from the number that says how many bytes it has. */
    private static ByteBuffer event(RandomAccessFile file, long at) throws IOException {
        long bytes = number(read(file, at, (int) Math.min(10, file.length() - at)));
        if (bytes < 1 || bytes > MAX_EVENT_BYTES || at + bytes > file.length()) {
            throw new IOException("the event at byte " + at + " would have " + bytes + " bytes");
        }
        ByteBuffer event = read(file, at, (int) bytes);
        number(event);
        return event;
    }

    private static long number(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 56; shift += 7) {
            byte b = in.get();
            number |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return number;
            }
        }
        return number | (in.get() & 0xffL) << 56;
    }

    private static int count(ByteBuffer in) {
        long count = number(in);
        if (count < 0 || count > in.remaining()) {
            throw new IllegalArgumentException(count + " of something in " + in.remaining() + " bytes");
        }
        return (int) count;
    }

    private static String text(ByteBuffer in) {
        byte encoding = in.get();
        switch (encoding) {
            case 0:
            case 1:
                return "";
            case 2:
                number(in);
                return "";
            case 3:
            case 5:
                byte[] bytes = new byte[count(in)];
                in.get(bytes);
                return new String(bytes, StandardCharsets.UTF_8);
            case 4:
                StringBuilder text = new StringBuilder();
                for (int left = count(in); left > 0; left--) {
                    text.append((char) number(in));
                }
                return text.toString();
            default:
                throw new IllegalArgumentException("a text is encoded as " + encoding);
        }
    }

    private static Map<Long, Type> types(ByteBuffer in) {
        for (int i = 0; i < 4; i++) {
            number(in); // type, start, duration, id
        }
        String[] texts = new String[count(in)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(in);
        }
        Map<Long, Type> types = new HashMap<>();
        element(in, texts, null, types, 0);
        return types;
    }

    private static void element(ByteBuffer in, String[] texts, Type parent, Map<Long, Type> types, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("metadata deeper than " + MAX_DEPTH);
        }
        String name = texts[count(in, texts.length)];
        Map<String, String> said = new HashMap<>();
        for (int left = count(in); left > 0; left--) {
            String key = texts[count(in, texts.length)];
            said.put(key, texts[count(in, texts.length)]);
        }
        Type type = null;
        if (name.equals("class")) {
            type = new Type();
            type.name = said.get("name");
            type.simple = "true".equals(said.get("simpleType"));
            type.isEvent = said.containsKey("superType");
            types.put(Long.parseLong(said.get("id")), type);
        } else if (name.equals("field") && parent != null) {
            Field field = new Field();
            field.type = Long.parseLong(said.get("class"));
            field.constant = "true".equals(said.get("constantPool"));
            field.array =
                    said.containsKey("dimension") && !said.get("dimension").equals("0");
            parent.fields.add(field);
        }
        for (int left = count(in); left > 0; left--) {
            element(in, texts, type, types, depth + 1);
        }
    }

    private static int count(ByteBuffer in, int below) {
        long index = number(in);
        if (index < 0 || index >= below) {
            throw new IllegalArgumentException("text " + index + " of " + below);
        }
        return (int) index;
    }

    /** Notes the changes to one event's pools; how far before it the next event is. */
    private static long pools(ByteBuffer in, Map<Long, Type> types, long at, SortedMap<Long, Byte> changes)
            throws IOException {
        number(in); // type
        number(in); // start
        number(in); // duration
        long delta = number(in);
        number(in); // whether it is the last
        for (int left = count(in); left > 0; left--) {
            int place = in.position();
            long id = number(in);
            Type type = types.get(id);
            if (type == null) {
                throw new IOException("the metadata has no type " + id);
            }
            if (type.name.equals("java.lang.String")) {
                byte other = enumeration(types);
                if (in.position() != place + 1) {
                    throw new IOException("the type of texts has the number " + id);
                }
                changes.put(at + place, other);
            }
            for (int constants = count(in); constants > 0; constants--) {
                number(in); // its number
                value(in, type, types, 0);
            }
        }
        return delta;
    }

    private static void value(ByteBuffer in, Type type, Map<Long, Type> types, int depth) {
        if (type == null || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a value of no type, or too deep");
        }
        switch (type.name) {
            case "java.lang.String":
                text(in);
                return;
            case "boolean":
            case "byte":
                in.get();
                return;
            case "char":
            case "short":
            case "int":
            case "long":
                number(in);
                return;
            case "float":
                in.getFloat();
                return;
            case "double":
                in.getDouble();
                return;
            default:
                for (Field field : type.fields) {
                    for (int left = field.array ? count(in) : 1; left > 0; left--) {
                        if (field.constant) {
                            number(in);
                        } else {
                            value(in, types.get(field.type), types, depth + 1);
                        }
                    }
                }
        }
    }

    /** A type whose constants are texts and mean nothing to the reader, with a number of one byte. */
    private static byte enumeration(Map<Long, Type> types) throws IOException {
        for (Map.Entry<Long, Type> each : types.entrySet()) {
            Type type = each.getValue();
            boolean isText = type.simple
                    && !type.isEvent
                    && type.fields.size() == 1
                    && types.get(type.fields.get(0).type) != null
                    && types.get(type.fields.get(0).type).name.equals("java.lang.String");
            if (isText
                    && each.getKey() < 0x80
                    && !type.name.equals("jdk.types.Symbol")
                    && !READ_ENUMERATIONS.contains(type.name)) {
                return each.getKey().byteValue();
            }
        }
        throw new IOException("the metadata has no enumeration");
    }
}
