package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.UnreadableRecordingException;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads {@code perftools.profiles.Profile}, unpacked: what Go, perf tools, async-profiler and Pyroscope write. Every sample type becomes
 * a measure; the functions that are inlined at a location are frames of their own; a location without a function is its address. A
 * label that names a thread gives the sample's thread, other labels together give it a name of {@code key=value}. There are no times of
 * single samples: all stand at the start. Read twice, first the tables, then the samples: the tables may come last. Source:
 * github.com/google/pprof, proto/profile.proto. Memory: a table has at most {@link #MAX_ENTRIES} entries.
 */
final class PprofImport {
    private static final int MAX_ENTRIES = 4_000_000;
    private static final int MAX_DEPTH = 16_384;
    /** All stacks together have at most so many frames for each byte of the file: a few bytes can name a location of many frames. */
    private static final int FRAMES_PER_BYTE = 64;

    private static final Set<String> THREAD_LABELS = Set.of("thread", "thread.name", "thread_name", "threadname");
    private static final Set<String> THREAD_IDS = Set.of("thread_id", "thread.id", "tid", "thread id", "threadid");

    private final ProfileBuilder builder;
    private final List<String> strings = new ArrayList<>();
    private final LongArrayList typeNames = new LongArrayList();
    private final LongArrayList typeUnits = new LongArrayList();
    private final Table functions = new Table("function");
    private final LongArrayList functionNames = new LongArrayList();
    private final Table mappings = new Table("mapping");
    private final LongArrayList mappingFiles = new LongArrayList();
    private final Table locations = new Table("location");
    private final LongArrayList locationMappings = new LongArrayList();
    private final LongArrayList locationAddresses = new LongArrayList();
    /** Index of each location's first line among all lines. */
    private final IntArrayList locationLines = new IntArrayList();

    private final LongArrayList lineFunctions = new LongArrayList();
    private final LongArrayList lineNumbers = new LongArrayList();
    private long startNanos;
    private long durationNanos;
    private long period;
    private long periodType;
    private long periodUnit;
    private long bytes;

    private int[][] framesOfLocation;
    private List<Samples> measures;
    private long[] factors;
    private long[] totals;
    private int[] path = new int[64];
    private long frames;
    private long count;

    /** Ids to numbers. */
    private static final class Table {
        private final String name;
        private final Long2IntOpenHashMap numbers = new Long2IntOpenHashMap();
        private final LongArrayList ids = new LongArrayList();

        Table(String name) {
            this.name = name;
            numbers.defaultReturnValue(-1);
        }

        void add(long id) throws UnreadableRecordingException {
            if (id == 0) {
                throw new UnreadableRecordingException("a " + name + " has the id 0, which stands for none", null);
            }
            if (numbers.size() == MAX_ENTRIES) {
                throw new UnreadableRecordingException("it has more than " + MAX_ENTRIES + " " + name + "s", null);
            }
            if (numbers.putIfAbsent(id, numbers.size()) >= 0) {
                throw new UnreadableRecordingException(
                        "two " + name + "s have the id " + Long.toUnsignedString(id), null);
            }
            ids.add(id);
        }

        /** The entry of that number, for messages. */
        String entry(int number) {
            return name + " " + Long.toUnsignedString(ids.getLong(number));
        }

        int of(long id, String whose) throws UnreadableRecordingException {
            int number = numbers.get(id);
            if (number < 0) {
                throw new UnreadableRecordingException(
                        whose + " is of " + name + " " + Long.toUnsignedString(id) + ", which is not in the table of "
                                + name + "s",
                        null);
            }
            return number;
        }

        int size() {
            return numbers.size();
        }
    }

    private PprofImport(ProfileLimits limits) {
        this.builder = new ProfileBuilder(limits);
    }

    /** Whether a file begins as one; it has no mark of its own. */
    static boolean isPprof(byte[] start) {
        int at = 0;
        int fields = 0;
        while (at < start.length) {
            int key = start[at++] & 0xff;
            int field = key >>> 3;
            boolean isMessage = field >= 1 && field <= 6 || field == 11;
            boolean isNumber = field >= 7 && field <= 14 && field != 11;
            if (key >= 0x80 || !(isMessage && (key & 7) == 2 || (isNumber && ((key & 7) == 0 || (key & 7) == 2)))) {
                return false;
            }
            long value = 0;
            int shift = 0;
            int b;
            do {
                if (at == start.length) {
                    return fields > 0;
                }
                b = start[at++];
                value |= (b & 0x7fL) << shift;
                shift += 7;
            } while (b < 0 && shift < 64);
            if (b < 0) {
                return false;
            }
            if ((key & 7) == 2) {
                if (value < 0 || field == 1 && (value > 24 || !isValueType(start, at, (int) value))) {
                    return false;
                }
                at = (int) Math.min(start.length, at + value);
            }
            fields++;
        }
        return fields > 0;
    }

    private static boolean isValueType(byte[] start, int from, int length) {
        int to = Math.min(start.length, from + length);
        for (int at = from; at < to; ) {
            if (start[at] != 0x08 && start[at] != 0x10) {
                return false;
            }
            at++;
            while (at < to && start[at] < 0) {
                at++;
            }
            at++;
        }
        return true;
    }

    /** @throws UnreadableRecordingException naming the table or the sample that is wrong, or the limit that is passed */
    static Profile read(Openable file, ProfileLimits limits) throws IOException {
        PprofImport read = new PprofImport(limits);
        try {
            try (InputStream in = file.open()) {
                read.tables(new ProtobufReader(in));
            }
            read.beginSamples();
            try (InputStream in = file.open()) {
                read.samples(new ProtobufReader(in));
            }
            return read.build();
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the file has " + e.getMessage(), e);
        }
    }

    private void tables(ProtobufReader in) throws IOException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> {
                    ProtobufReader.Part type = in.part();
                    long name = 0;
                    long unit = 0;
                    while (type.next()) {
                        switch (type.field()) {
                            case 1 -> name = type.number();
                            case 2 -> unit = type.number();
                            default -> type.skip();
                        }
                    }
                    typeNames.add(name);
                    typeUnits.add(unit);
                }
                case 3 -> mapping(in.part());
                case 4 -> location(in.part());
                case 5 -> function(in.part());
                case 6 -> {
                    if (strings.size() == MAX_ENTRIES) {
                        throw new UnreadableRecordingException("it has more than " + MAX_ENTRIES + " strings", null);
                    }
                    String text = in.part().text();
                    strings.add(text.isEmpty() ? "" : text);
                }
                case 9 -> startNanos = in.number();
                case 10 -> durationNanos = in.number();
                case 11 -> {
                    ProtobufReader.Part type = in.part();
                    while (type.next()) {
                        switch (type.field()) {
                            case 1 -> periodType = type.number();
                            case 2 -> periodUnit = type.number();
                            default -> type.skip();
                        }
                    }
                }
                case 12 -> period = in.number();
                default -> in.skip();
            }
        }
        bytes = in.at();
        locationLines.add(lineFunctions.size());
    }

    private void mapping(ProtobufReader.Part part) throws UnreadableRecordingException {
        long id = 0;
        long file = 0;
        while (part.next()) {
            switch (part.field()) {
                case 1 -> id = part.number();
                case 5 -> file = part.number();
                default -> part.skip();
            }
        }
        mappings.add(id);
        mappingFiles.add(file);
    }

    private void function(ProtobufReader.Part part) throws UnreadableRecordingException {
        long id = 0;
        long name = 0;
        long systemName = 0;
        while (part.next()) {
            switch (part.field()) {
                case 1 -> id = part.number();
                case 2 -> name = part.number();
                case 3 -> systemName = part.number();
                default -> part.skip();
            }
        }
        functions.add(id);
        functionNames.add(name == 0 ? systemName : name);
    }

    private void location(ProtobufReader.Part part) throws UnreadableRecordingException {
        long id = 0;
        long mapping = 0;
        long address = 0;
        locationLines.add(lineFunctions.size());
        while (part.next()) {
            switch (part.field()) {
                case 1 -> id = part.number();
                case 2 -> mapping = part.number();
                case 3 -> address = part.number();
                case 4 -> {
                    ProtobufReader.Part line = part.part();
                    long function = 0;
                    long number = 0;
                    while (line.next()) {
                        switch (line.field()) {
                            case 1 -> function = line.number();
                            case 2 -> number = line.number();
                            default -> line.skip();
                        }
                    }
                    if (lineFunctions.size() == MAX_ENTRIES) {
                        throw new UnreadableRecordingException(
                                "its locations have more than " + MAX_ENTRIES + " lines", null);
                    }
                    lineFunctions.add(function);
                    lineNumbers.add(number);
                }
                default -> part.skip();
            }
        }
        locations.add(id);
        locationMappings.add(mapping);
        locationAddresses.add(address);
    }

    private String string(long index, String whose) throws UnreadableRecordingException {
        if (index < 0 || index >= strings.size()) {
            throw new UnreadableRecordingException(
                    whose + " is string " + Long.toUnsignedString(index) + " of " + strings.size(), null);
        }
        return strings.get((int) index);
    }

    private void beginSamples() throws UnreadableRecordingException {
        if (strings.isEmpty() || !strings.get(0).isEmpty()) {
            throw new UnreadableRecordingException("the first of its strings is not the empty one", null);
        }
        if (typeNames.isEmpty()) {
            throw new UnreadableRecordingException("it has no sample type", null);
        }
        framesOfLocation = new int[locations.size()][];
        measures = new ArrayList<>();
        factors = new long[typeNames.size()];
        totals = new long[factors.length];
        Set<String> names = new HashSet<>();
        for (int i = 0; i < factors.length; i++) {
            String name = string(typeNames.getLong(i), "the name of sample type " + (i + 1));
            String word = string(typeUnits.getLong(i), "the unit of sample type " + (i + 1));
            ForeignUnit unit = ForeignUnit.of(word);
            name = name.isEmpty() ? "samples" : name;
            String distinct = names.contains(name) ? name + "." + (word.isEmpty() ? "count" : word) : name;
            for (int n = 2; !names.add(distinct); n++) {
                distinct = name + "." + n;
            }
            factors[i] = unit.factor();
            measures.add(builder.samples(new Measure(distinct, unit.unit())));
        }
    }

    private void samples(ProtobufReader in) throws IOException {
        while (in.next()) {
            if (in.field() == 2) {
                count++;
                sample(in.part());
            } else {
                in.skip();
            }
        }
    }

    private void sample(ProtobufReader.Part part) throws UnreadableRecordingException {
        int[] depth = {0};
        long[] values = new long[factors.length];
        int[] given = {0};
        Labels labels = null;
        while (part.next()) {
            switch (part.field()) {
                case 1 -> part.numbers(id -> depth[0] = push(id, depth[0]));
                case 2 ->
                    part.numbers(value -> {
                        if (given[0] < values.length) {
                            values[given[0]] = value;
                        }
                        given[0]++;
                    });
                case 3 -> {
                    labels = labels == null ? new Labels() : labels;
                    label(part.part(), labels);
                }
                default -> part.skip();
            }
        }
        if (given[0] != values.length) {
            throw new UnreadableRecordingException(
                    "sample " + count + " has " + given[0] + " values of " + values.length + " sample types", null);
        }
        if (depth[0] == 0) {
            return; // a stack without frames tells nothing
        }
        int stack = builder.stack(path, depth[0]);
        int thread = labels == null ? builder.thread("", 0, 0, false) : labels.thread(builder);
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                builder.add(measures.get(i), 0, stack, thread, (byte) 0, value(values[i], i));
            }
        }
    }

    private long value(long value, int type) throws UnreadableRecordingException {
        if (value < 0) {
            throw new UnreadableRecordingException(
                    "sample " + count + " has the negative value " + value
                            + "; a difference of two profiles cannot be opened, but both can be compared",
                    null);
        }
        try {
            long scaled = Math.multiplyExact(value, factors[type]);
            totals[type] = Math.addExact(totals[type], scaled);
            return scaled;
        } catch (ArithmeticException e) {
            throw new UnreadableRecordingException(
                    "with sample " + count + ", of " + value + ", all together are more than a number of 63 bits holds",
                    e);
        }
    }

    private int push(long locationId, int depth) throws UnreadableRecordingException {
        int[] more = frames(locations.of(locationId, "sample " + count));
        frames += more.length;
        if (depth + more.length > MAX_DEPTH) {
            throw new UnreadableRecordingException("sample " + count + " has more than " + MAX_DEPTH + " frames", null);
        }
        if (frames > FRAMES_PER_BYTE * bytes) {
            throw new UnreadableRecordingException(
                    "up to sample " + count + " its stacks have more frames than a file of " + bytes
                            + " bytes may have",
                    null);
        }
        if (depth + more.length > path.length) {
            path = Arrays.copyOf(path, Math.max(depth + more.length, path.length * 2));
        }
        System.arraycopy(more, 0, path, depth, more.length);
        return depth + more.length;
    }

    /** The frames of a location, innermost first. */
    private int[] frames(int location) throws UnreadableRecordingException {
        int[] known = framesOfLocation[location];
        if (known == null) {
            int from = locationLines.getInt(location);
            int to = locationLines.getInt(location + 1);
            known = new int[Math.max(1, to - from)];
            if (from == to) {
                known[0] = addressed(location);
            }
            for (int line = from; line < to; line++) {
                int function = lineFunctions.getLong(line) == 0
                        ? -1
                        : functions.of(lineFunctions.getLong(line), locations.entry(location));
                String name = function < 0
                        ? ""
                        : string(functionNames.getLong(function), "the name of " + functions.entry(function));
                long number = lineNumbers.getLong(line);
                known[line - from] = name.isEmpty()
                        ? addressed(location)
                        : FrameText.frame(
                                builder,
                                name,
                                number > 0 && number < 1 << 26 ? (int) number : 0,
                                isKernel(location) ? FrameKind.KERNEL : FrameKind.UNKNOWN);
            }
            framesOfLocation[location] = known;
        }
        return known;
    }

    /** Code without a name: its address, in the file it is in. */
    private int addressed(int location) throws UnreadableRecordingException {
        String address = "0x" + Long.toHexString(locationAddresses.getLong(location));
        String file = file(location);
        return FrameText.frame(
                builder,
                file.substring(file.lastIndexOf('/') + 1),
                address,
                0,
                isKernel(location) ? FrameKind.KERNEL : FrameKind.NATIVE);
    }

    private boolean isKernel(int location) throws UnreadableRecordingException {
        return file(location).startsWith("[kernel");
    }

    private String file(int location) throws UnreadableRecordingException {
        long id = locationMappings.getLong(location);
        return id == 0
                ? ""
                : string(mappingFiles.getLong(mappings.of(id, locations.entry(location))), "the file of a mapping");
    }

    /** The labels of a sample that name its thread. */
    private static final class Labels {
        private String name = "";
        private long id;
        private final StringBuilder others = new StringBuilder();

        int thread(ProfileBuilder builder) {
            String text = name.isEmpty() && id != 0 ? "thread " + id : name;
            return builder.thread(text.isEmpty() ? others.toString() : text, id, 0, false);
        }
    }

    private void label(ProtobufReader.Part part, Labels labels) throws UnreadableRecordingException {
        String key = "";
        String text = "";
        long number = 0;
        while (part.next()) {
            switch (part.field()) {
                case 1 -> key = string(part.number(), "the key of a label of sample " + count);
                case 2 -> text = string(part.number(), "a label of sample " + count);
                case 3 -> number = part.number();
                default -> part.skip();
            }
        }
        if (THREAD_IDS.contains(key) && (!text.isEmpty() || number != 0)) {
            labels.id = text.isEmpty() ? number : labels.id;
            labels.name = text.isEmpty() || !labels.name.isEmpty() ? labels.name : "thread " + text;
        } else if (THREAD_LABELS.contains(key) && !text.isEmpty()) {
            labels.name = text;
        } else if (!text.isEmpty()) {
            // Labels with numbers, such as the size of what was allocated, are as many as samples.
            labels.others
                    .append(labels.others.length() == 0 ? "" : ", ")
                    .append(key)
                    .append('=')
                    .append(text);
        }
    }

    private Profile build() throws UnreadableRecordingException {
        TreeMap<String, String> settings = new TreeMap<>();
        if (period > 0) {
            String unit = string(periodUnit, "the unit of the period");
            settings.put("period", period + (unit.isEmpty() ? "" : " " + unit));
            String type = string(periodType, "the type of the period");
            if (!type.isEmpty()) {
                settings.put("event", type);
            }
        }
        long start = Math.max(0, startNanos);
        long end = start + Math.max(0, Math.min(durationNanos, Long.MAX_VALUE - start));
        return builder.build(new ProfileInfo("pprof", start, end, settings, new TreeMap<>(), 0, List.of()));
    }
}
