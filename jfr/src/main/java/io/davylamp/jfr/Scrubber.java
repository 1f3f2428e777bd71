package io.davylamp.jfr;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the secrets of a recording: values of system properties and environment variables, arguments of the JVM, command lines
 * ({@link SecretFields}). Reads the events once; memory is bounded, whatever the file says. Not thread-safe.
 *
 * <p>Source: JDK {@code jdk.jfr.internal.consumer}; async-profiler {@code flightRecorder.cpp}; docs/adr/0025.
 */
public final class Scrubber {
    /** Longer values go as a whole. */
    private static final int MAX_JUDGED = 256 << 10;
    /** Values in the pool of strings; a writer puts a few there. */
    private static final int MAX_POOLED = 1_000_000;

    private static final int CHECKPOINT = 1;

    private final JfrFile file;
    private final ByteSource source;
    private final JfrLimits limits;
    private final Scrubbed found = new Scrubbed();

    private Scrubber(JfrFile file, ByteSource source, JfrLimits limits) {
        this.file = file;
        this.source = source;
        this.limits = limits;
    }

    /**
     * Finds all secrets. What lies behind the last whole chunk, which no reader can make sense of, counts as one, but for its
     * header.
     *
     * @throws MalformedJfrException if a chunk is damaged: then nobody can say where all of its secrets are
     */
    public static Scrubbed find(ByteSource source, JfrLimits limits) throws IOException {
        Scrubber scrubber = new Scrubber(JfrFile.open(source, limits), source, limits);
        for (ChunkHeader header : scrubber.file.chunks()) {
            scrubber.chunk(header);
        }
        scrubber.rest();
        return scrubber.found.sorted();
    }

    private void rest() throws MalformedJfrException {
        ChunkHeader last = file.chunks().get(file.chunks().size() - 1);
        long from = last.offset() + last.sizeBytes() + ChunkHeader.BYTES;
        if (from < source.sizeBytes()) {
            found.zeros(from, source.sizeBytes() - from);
        }
    }

    private void chunk(ChunkHeader header) throws IOException {
        Metadata metadata = file.open(header).metadata();
        Map<Long, Event> events = new HashMap<>();
        for (EventType type : metadata.types()) {
            Map<String, SecretFields.Rule> rules = SecretFields.of(type.name());
            if (!rules.isEmpty()) {
                events.put(type.id(), new Event(metadata, type, rules));
            }
        }
        if (events.isEmpty()) {
            return;
        }
        Set<Long> pooled = new HashSet<>();
        Input in = input(header, ChunkHeader.BYTES);
        while (in.position() < in.end()) {
            long at = in.position();
            long sizeBytes = in.readVar();
            if (sizeBytes < 2 || sizeBytes > in.end() - at) {
                throw new MalformedJfrException(at, "event size", sizeBytes + " is outside of 2 to " + (in.end() - at));
            }
            Event event = events.get(in.readVar());
            if (event != null) {
                event.scrub(in, pooled);
                if (in.position() > at + sizeBytes) {
                    throw new MalformedJfrException(at, "event size", sizeBytes + ", but its fields reach further");
                }
            }
            in.seek(at + sizeBytes, "event");
        }
        if (!pooled.isEmpty()) {
            pools(header, metadata, pooled);
        }
    }

    private Input input(ChunkHeader header, long from) {
        return new Input(source, header.offset() + from, header.offset() + header.sizeBytes());
    }

    /** One type of event: its fields in their order, each skipped or looked at. */
    private final class Event {
        private final List<Field> fields;
        private final List<SecretFields.Rule> rules = new ArrayList<>();
        private final List<FieldPlan> skips = new ArrayList<>();
        private final Metadata metadata;

        Event(Metadata metadata, EventType type, Map<String, SecretFields.Rule> named) throws IOException {
            this.metadata = metadata;
            this.fields = type.fields();
            for (Field field : fields) {
                rules.add(isString(field) ? named.get(field.name()) : null);
                skips.add(FieldPlan.compile(
                        metadata,
                        new EventType(type.id(), type.name(), type.superType(), List.of(field)),
                        limits,
                        new FieldSlots()));
            }
        }

        private boolean isString(Field field) {
            EventType type = metadata.type(field.typeId());
            return type != null && type.name().equals("java.lang.String") && !field.array();
        }

        void scrub(Input in, Set<Long> pooled) throws IOException {
            String key = "";
            for (int i = 0; i < fields.size(); i++) {
                Field field = fields.get(i);
                if (rules.get(i) != null) {
                    if (field.pooled()) {
                        remember(in, pooled);
                    } else {
                        string(in, in.readByte(), rules.get(i), key, pooled);
                    }
                } else if (field.name().equals("key") && isString(field) && !field.pooled()) {
                    int encoding = in.readByte();
                    // Of a key that is elsewhere nobody knows here that it is harmless.
                    key = encoding == Input.STRING_POOL ? skipped(in) : text(in, encoding);
                } else {
                    skips.get(i).run(in, new long[0], new String[0], any -> null, limits.stringBytes());
                }
            }
        }

        private String skipped(Input in) throws IOException {
            in.readVar();
            return "";
        }

        private String text(Input in, int encoding) throws IOException {
            String text = in.readStringBody(encoding, "key", limits.stringBytes());
            return text == null ? "" : text;
        }
    }

    private static void remember(Input in, Set<Long> pooled) throws IOException {
        long at = in.position();
        pooled.add(in.readVar());
        if (pooled.size() > MAX_POOLED) {
            throw new MalformedJfrException(at, "secrets", "more than " + MAX_POOLED + " of them in the constant pool");
        }
    }

    /** Scrubs the body of a string, which stays as long as it is in its encoding. */
    private void string(Input in, int encoding, SecretFields.Rule rule, String key, Set<Long> pooled)
            throws IOException {
        switch (encoding) {
            case Input.STRING_NULL, Input.STRING_EMPTY -> {}
            case Input.STRING_POOL -> remember(in, pooled);
            case Input.STRING_UTF8, Input.STRING_LATIN1 -> bytes(in, rule, key);
            case Input.STRING_CHARS -> chars(in, rule, key);
            default ->
                throw new MalformedJfrException(
                        in.position() - 1, "string", "encoding " + encoding + " is outside of 0 to 5");
        }
    }

    private void bytes(Input in, SecretFields.Rule rule, String key) throws IOException {
        int size = in.readCount("string", Integer.MAX_VALUE, 1);
        long from = in.position();
        if (size > MAX_JUDGED) {
            found.stars(from, size);
            in.skip(size, "string");
            return;
        }
        byte[] value = new byte[size];
        for (int i = 0; i < size; i++) {
            value[i] = in.readByte();
        }
        // One character per byte, so that a byte's index is a character's: what rules keep is ASCII.
        boolean[] secret = rule.apply(new String(value, StandardCharsets.ISO_8859_1), key);
        for (int i = 0; i < size; ) {
            int to = i;
            while (to < size && secret[to]) {
                to++;
            }
            if (to > i) {
                found.stars(from + i, to - i);
            }
            i = to + 1;
        }
    }

    private void chars(Input in, SecretFields.Rule rule, String key) throws IOException {
        int size = in.readCount("string", Integer.MAX_VALUE, 1);
        boolean judged = size <= MAX_JUDGED;
        long[] at = new long[judged ? size + 1 : 0];
        char[] value = new char[judged ? size : 0];
        for (int i = 0; i < size; i++) {
            long from = in.position();
            char c = (char) in.readVar();
            if (judged) {
                at[i] = from;
                value[i] = c;
            } else {
                found.star(from, (int) (in.position() - from));
            }
        }
        if (!judged) {
            return;
        }
        at[size] = in.position();
        boolean[] secret = rule.apply(new String(value), key);
        for (int i = 0; i < size; i++) {
            if (secret[i]) {
                found.star(at[i], (int) (at[i + 1] - at[i]));
            }
        }
    }

    private static final SecretFields.Rule WHOLE = (value, key) -> {
        boolean[] secret = new boolean[value.length()];
        java.util.Arrays.fill(secret, true);
        return secret;
    };

    /** Scrubs the strings of these keys in the chunk's pools of strings. */
    private void pools(ChunkHeader header, Metadata metadata, Set<Long> pooled) throws IOException {
        Input in = input(header, ChunkHeader.BYTES);
        long position = header.poolOffset();
        long end = in.end();
        while (true) {
            in.seek(header.offset() + position, "constant pool offset");
            long delta = checkpoint(in, end, metadata, pooled);
            if (delta == 0) {
                return;
            }
            if (delta > 0 || position + delta < ChunkHeader.BYTES) {
                throw new MalformedJfrException(
                        header.offset() + position,
                        "constant pool delta",
                        delta + " does not move backwards inside the chunk");
            }
            end = header.offset() + position;
            position += delta;
        }
    }

    private long checkpoint(Input in, long end, Metadata metadata, Set<Long> pooled) throws IOException {
        long at = in.position();
        long sizeBytes = in.readVar();
        if (sizeBytes < 6 || sizeBytes > end - at || in.readVar() != CHECKPOINT) {
            throw new MalformedJfrException(at, "constant pool", "no constant pool is here");
        }
        in.skipVars(2); // start time, duration
        long delta = in.readVar();
        in.readByte(); // kind of checkpoint
        int count = in.readCount("constant pools", limits.types(), 2);
        for (int i = 0; i < count; i++) {
            EventType type = metadata.type(in.readVar());
            if (type == null) {
                throw new MalformedJfrException(in.position(), "constant pool type", "it is not declared");
            }
            int entries = in.readCount(type.name(), Integer.MAX_VALUE, 1);
            boolean strings = type.name().equals("java.lang.String");
            FieldPlan skip = strings ? null : FieldPlan.compile(metadata, type, limits, new FieldSlots());
            for (int e = 0; e < entries; e++) {
                long key = in.readVar();
                if (!strings) {
                    skip.run(in, new long[0], new String[0], any -> null, limits.stringBytes());
                } else if (pooled.contains(key)) {
                    string(in, in.readByte(), WHOLE, "", new HashSet<>());
                } else {
                    in.skipString("string");
                }
            }
        }
        return delta;
    }
}
