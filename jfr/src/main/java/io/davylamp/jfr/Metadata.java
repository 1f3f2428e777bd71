package io.davylamp.jfr;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types of one chunk. Immutable. */
public final class Metadata {
    private static final int MAX_ELEMENT_DEPTH = 16;
    private static final String OLD_EVENTS = "com.oracle.jdk.";
    private static final String OLD_TYPES = "com.oracle.jfr.types.";

    private final Map<Long, EventType> byId;
    private final Map<String, EventType> byName;

    private Metadata(Map<Long, EventType> byId) {
        this.byId = byId;
        this.byName = new HashMap<>();
        for (EventType type : byId.values()) {
            byName.putIfAbsent(type.name(), type);
        }
    }

    public Collection<EventType> types() {
        return byId.values();
    }

    /** The type of that name, or null when this chunk does not declare it. */
    public EventType type(String name) {
        return byName.get(name);
    }

    EventType type(long id) {
        return byId.get(id);
    }

    static Metadata read(Input in, JfrLimits limits) throws IOException {
        long at = in.position();
        long sizeBytes = in.readVar();
        if (sizeBytes < 5 || sizeBytes > limits.metadataBytes() || sizeBytes > in.end() - at) {
            throw new MalformedJfrException(
                    at,
                    "metadata size",
                    sizeBytes + " is outside of 5 to " + Math.min(limits.metadataBytes(), in.end() - at));
        }
        long typeId = in.readVar();
        if (typeId != 0) {
            throw new MalformedJfrException(at, "metadata", "event type " + typeId + " stands where 0 is expected");
        }
        in.skipVars(3); // start time, duration, metadata id
        String[] strings = new String[in.readCount("metadata strings", limits.metadataBytes(), 1)];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = in.readStringBody(in.readByte(), "metadata string", limits.stringBytes());
        }
        Element root = Element.read(in, strings, 0, new int[] {limits.metadataBytes() / 3});
        Map<Long, EventType> types = new LinkedHashMap<>();
        for (Element metadata : root.children) {
            if (metadata.name.equals("metadata")) {
                for (Element type : metadata.children) {
                    if (type.name.equals("class")) {
                        if (types.size() >= limits.types()) {
                            throw new MalformedJfrException(at, "metadata types", "more than " + limits.types());
                        }
                        EventType read = typeOf(type, at);
                        types.put(read.id(), read);
                    }
                }
            }
        }
        return new Metadata(types);
    }

    private static EventType typeOf(Element type, long at) throws MalformedJfrException {
        List<Field> fields = new ArrayList<>();
        for (Element child : type.children) {
            if (child.name.equals("field")) {
                fields.add(new Field(
                        child.attribute("name"),
                        number(child.attribute("class"), "field class", at),
                        "true".equals(child.attribute("constantPool")),
                        !child.attribute("dimension").isEmpty() && !"0".equals(child.attribute("dimension"))));
            }
        }
        return new EventType(
                number(type.attribute("id"), "class id", at),
                todaysName(type.attribute("name")),
                type.attribute("superType"),
                List.copyOf(fields));
    }

    /** JDK 9 and 10 call the same types otherwise: {@code com.oracle.jdk.ThreadPark}, {@code com.oracle.jfr.types.Method}. */
    private static String todaysName(String name) {
        if (name.startsWith(OLD_EVENTS)) {
            return "jdk." + name.substring(OLD_EVENTS.length());
        }
        return name.startsWith(OLD_TYPES) ? "jdk.types." + name.substring(OLD_TYPES.length()) : name;
    }

    private static long number(String text, String field, long at) throws MalformedJfrException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedJfrException(at, field, "\"" + text + "\" is not a number");
        }
    }

    private static final class Element {
        final String name;
        final Map<String, String> attributes = new HashMap<>();
        final List<Element> children = new ArrayList<>();

        Element(String name) {
            this.name = name;
        }

        String attribute(String key) {
            return attributes.getOrDefault(key, "");
        }

        /** {@code budget[0]} counts the elements that may still be read. */
        static Element read(Input in, String[] strings, int depth, int[] budget) throws IOException {
            if (depth > MAX_ELEMENT_DEPTH || --budget[0] < 0) {
                throw new MalformedJfrException(in.position(), "metadata element", "too deep or too many");
            }
            Element element = new Element(string(in, strings));
            int attributes = in.readCount("metadata attributes", strings.length, 2);
            for (int i = 0; i < attributes; i++) {
                element.attributes.put(string(in, strings), string(in, strings));
            }
            int children = in.readCount("metadata children", Integer.MAX_VALUE, 3);
            for (int i = 0; i < children; i++) {
                element.children.add(read(in, strings, depth + 1, budget));
            }
            return element;
        }

        private static String string(Input in, String[] strings) throws IOException {
            long at = in.position();
            long index = in.readVar();
            if (index < 0 || index >= strings.length) {
                throw new MalformedJfrException(
                        at, "metadata string index", index + " is outside of 0 to " + (strings.length - 1));
            }
            return strings[(int) index] == null ? "" : strings[(int) index];
        }
    }
}
