package io.davylamp.profile.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Series;
import io.davylamp.profile.Spans;
import io.davylamp.profile.SymbolTable;
import io.davylamp.profile.Unit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A stored profile, read by ranges: opening it reads the footer and what it holds in words; samples are read measure by measure,
 * and only the blocks that overlap a time range. What a checksum or an index contradicts is a {@link DamagedProfileException} that
 * names the section; the others stay readable. Thread-safe if the bytes are; the caller closes them.
 */
public final class StoredProfile {
    private static final int MAX_FOOTER_BYTES = 64 << 20;
    private static final int MAX_SECTION_BYTES = 1 << 28;
    private static final int LINES = 1 << 28;

    /**
     * A measure and what its samples come to.
     *
     * @param events number of rows
     * @param samples samples of the profiler that they stand for
     * @param intervalNanos time that each of those is worth; 0 when it is no time, or not the same for all
     * @param total sum of their values
     */
    public record Totals(Measure measure, long events, long samples, long intervalNanos, long total) {}

    private record Section(
            int kind,
            int measure,
            long firstNanos,
            long lastNanos,
            long position,
            int packedBytes,
            int rawBytes,
            int crc) {}

    private static final String OLDER =
            "this profile was made by an older version and cannot be made anew: samples of cpu and"
                    + " wall are counted, not timed, alloc may count an allocation twice, lock may hold waiting";

    private final SeekableBytes in;
    private int version;
    private final List<Section> sections;
    private final ProfileInfo info;
    private final List<Totals> measures;

    private StoredProfile(SeekableBytes in) throws IOException {
        this.in = in;
        this.sections = readFooter();
        this.info = readInfo();
        this.measures = readMeasures();
    }

    /** @throws DamagedProfileException if it is no profile of a version that is known, or its footer is damaged */
    public static StoredProfile open(SeekableBytes in) throws IOException {
        return new StoredProfile(in);
    }

    /** Whether an older version made it, whose measures meant something else: it should be made anew of its recording. */
    public boolean isOutdated() {
        return version == ProfileCodec.FIRST_VERSION;
    }

    public ProfileInfo info() {
        return info;
    }

    /** Returns the measures of the profile, in the order of {@link Measure}. */
    public List<Totals> measures() {
        return measures;
    }

    /** Reads the whole profile. */
    public Profile load() throws IOException {
        Stacks stacks = loadStacks();
        SortedMap<Measure, Samples> samples = new TreeMap<>();
        for (Totals each : measures) {
            samples.put(each.measure(), loadSamples(each.measure(), stacks, Long.MIN_VALUE, Long.MAX_VALUE));
        }
        return stacks.profile().with(samples);
    }

    /**
     * A profile without samples, and what samples refer to.
     *
     * @param leaves stacks of the profile, by the number that stored samples have for them
     */
    public record Stacks(Profile profile, int[] leaves) {}

    /** Everything but samples: names, frames, stacks, threads, series, spans. */
    public Stacks loadStacks() throws IOException {
        boolean plain = version <= ProfileCodec.LAST_PLAIN_VERSION;
        Bytes.In in = open(only(ProfileCodec.SYMBOLS));
        SymbolTable symbols = plain ? in.symbols() : in.sortedSymbols(MAX_SECTION_BYTES);
        in.requireEnd();
        in = open(only(ProfileCodec.METHODS));
        int methodCount = in.rows(Integer.MAX_VALUE - 1);
        int[] className = in.indexes(methodCount, symbols.size());
        long[] rawClassDelta = in.column(methodCount);
        int[] methodName = in.indexes(methodCount, symbols.size());
        in.requireEnd();
        int[] rawClassName = new int[methodCount];
        for (int i = 0; i < methodCount; i++) {
            long raw = className[i] + rawClassDelta[i];
            if (raw < 0 || raw >= symbols.size()) {
                throw in.damaged("raw class " + raw + " is outside of 0 to " + (symbols.size() - 1));
            }
            rawClassName[i] = (int) raw;
        }

        in = open(only(ProfileCodec.FRAMES));
        Profile.Frames frames = plain ? plainFrames(in, methodCount) : frames(in, methodCount);
        in.requireEnd();
        int frameCount = frames.size();
        StackColumns stacks = new StackColumns(frameCount);
        List<Section> ofStacks = sections.stream()
                .filter(section -> section.kind() == ProfileCodec.STACKS)
                .toList();
        for (int i = 0; i < ofStacks.size(); i++) {
            stacks.read(open(ofStacks.get(i)), plain, i + 1 == ofStacks.size());
        }
        in = open(only(ProfileCodec.THREADS));
        String[] threadName = texts(in, false);
        int threads = threadName.length;
        long[] osId = in.column(threads);
        long[] javaId = in.column(threads);
        int[] virtualBits = in.indexes(threads, 2);
        in.requireEnd();
        boolean[] virtual = new boolean[threads];
        for (int i = 0; i < threads; i++) {
            virtual[i] = virtualBits[i] != 0;
        }
        String[] states = texts(open(only(ProfileCodec.STATES)), true);
        Profile profile = new Profile(
                symbols,
                new Profile.Methods(className, rawClassName, methodName),
                frames,
                stacks.parents(),
                stacks.frames(),
                new Profile.Threads(threadName, osId, javaId, virtual),
                states,
                new TreeMap<>(),
                readSeries(),
                readSpans(symbols.size(), threads),
                info);
        return new Stacks(profile, stacks.leaves());
    }

    private static Profile.Frames plainFrames(Bytes.In in, int methods) throws IOException {
        int n = in.rows(Integer.MAX_VALUE - 1);
        int[] method = in.indexes(n, methods);
        int[] line = in.indexes(n, LINES);
        return new Profile.Frames(method, line, kinds(in, n));
    }

    private static Profile.Frames frames(Bytes.In in, int methods) throws IOException {
        int n = in.rows(Integer.MAX_VALUE - 1);
        byte[] kind = kinds(in, n);
        int[] method = in.sparseIndexes(n, methods + 1);
        long[] delta = in.column(n);
        int[] line = new int[n];
        int[] lastLine = new int[methods];
        int seen = 0;
        for (int i = 0; i < n; i++) {
            method[i] = method[i] == 0 ? seen++ : method[i] - 1;
            if (method[i] >= methods) {
                throw in.damaged("frame " + i + " has no method");
            }
            long own = lastLine[method[i]] + delta[i];
            if (own < 0 || own >= LINES) {
                throw in.damaged("line " + own + " of frame " + i + " is outside of 0 to " + (LINES - 1));
            }
            line[i] = (int) own;
            lastLine[method[i]] = line[i];
        }
        return new Profile.Frames(method, line, kind);
    }

    private static byte[] kinds(Bytes.In in, int n) throws IOException {
        int[] codes = in.indexes(n, 128);
        byte[] kinds = new byte[n];
        for (int i = 0; i < n; i++) {
            kinds[i] = (byte) codes[i];
        }
        return kinds;
    }

    /**
     * The samples of one measure in the blocks that overlap a time range: all that lie in it, and maybe some around.
     *
     * @param stacks what {@link #loadStacks} gave
     * @param fromNanos since the profile's start, inclusive
     * @param toNanos exclusive
     */
    public Samples loadSamples(Measure measure, Stacks stacks, long fromNanos, long toNanos) throws IOException {
        int number = -1;
        for (int i = 0; i < measures.size(); i++) {
            if (measures.get(i).measure().equals(measure)) {
                number = i;
            }
        }
        List<Samples.Block> blocks = new ArrayList<>();
        for (Section section : sections) {
            if (section.kind() == ProfileCodec.SAMPLES
                    && section.measure() == number
                    && section.lastNanos() >= fromNanos
                    && section.firstNanos() < toNanos) {
                blocks.add(samples(
                        open(section),
                        stacks.leaves(),
                        stacks.profile().threads().size(),
                        stacks.profile().states().length,
                        version,
                        measures.get(number)));
            }
        }
        return Samples.of(blocks);
    }

    /** Collects the sections of stacks; node 0 is the root and is not stored. */
    private static final class StackColumns {
        private final int frameCount;
        private int[] parent = new int[1 << 12];
        private int[] frame = new int[1 << 12];
        private int nodes = 1;
        private int[] leaves = new int[1 << 12];
        private int leafCount;
        private int seenFrames;
        private final Followers followers;

        /** The nodes from the last one up to the root, outermost first. */
        private int[] path = new int[256];

        private int depth = 1;

        StackColumns(int frameCount) {
            this.frameCount = frameCount;
            this.followers = new Followers(frameCount);
            parent[0] = -1;
            frame[0] = -1;
        }

        void read(Bytes.In in, boolean plain, boolean isLast) throws IOException {
            int n = in.rows(ProfileCodec.STACK_BLOCK);
            int[] up = plain ? in.indexes(n, Integer.MAX_VALUE) : in.sparseIndexes(n, Integer.MAX_VALUE);
            int[] coded = plain ? in.indexes(n, frameCount + 2) : in.sparseIndexes(n, Followers.CODES);
            int[] numbers = plain ? separateNumbers(coded) : in.indexes(countOfNumbers(coded), frameCount);
            int[] isLeaf = plain ? in.indexes(n, 2) : leafs(in.sparseIndexes(n, 2), up);
            in.requireEnd();
            if (nodes + n > ProfileLimits.DEFAULT.stackNodes()) {
                throw in.damaged("more than " + ProfileLimits.DEFAULT.stackNodes() + " nodes");
            }
            int size = nodes + n;
            if (isLast && size != parent.length || size > parent.length) {
                int grown = isLast ? size : Math.max(size, parent.length * 2);
                parent = Arrays.copyOf(parent, grown);
                frame = Arrays.copyOf(frame, grown);
            }
            int[] parent = this.parent;
            int[] frame = this.frame;
            int nodes = this.nodes;
            int depth = this.depth;
            int usedNumbers = 0;
            for (int i = 0; i < n; i++) {
                if (up[i] >= depth) {
                    throw in.damaged("node " + nodes + " goes " + up[i] + " levels up from level " + (depth - 1));
                }
                depth -= up[i];
                int under = path[depth - 1];
                int own;
                if (coded[i] == Followers.NEW || coded[i] == Followers.BY_NUMBER) {
                    own = coded[i] == Followers.NEW ? seenFrames++ : numbers[usedNumbers++];
                    if (own < frameCount) {
                        followers.add(frame[under], own);
                    }
                } else {
                    own = followers.frame(frame[under], coded[i]);
                }
                if (own < 0 || own >= frameCount) {
                    throw in.damaged("node " + nodes + " has no frame");
                }
                parent[nodes] = under;
                frame[nodes] = own;
                if (depth == path.length) {
                    path = Arrays.copyOf(path, depth * 2);
                }
                path[depth++] = nodes;
                if (isLeaf[i] != 0) {
                    if (leafCount == leaves.length) {
                        leaves = Arrays.copyOf(leaves, leafCount * 2);
                    }
                    leaves[leafCount++] = nodes;
                }
                nodes++;
            }
            this.nodes = nodes;
            this.depth = depth;
        }

        private static int countOfNumbers(int[] coded) {
            int count = 0;
            for (int code : coded) {
                count += code == Followers.BY_NUMBER ? 1 : 0;
            }
            return count;
        }

        /** Until version 2 a frame's number stood in place of the code. */
        private static int[] separateNumbers(int[] coded) {
            int[] numbers = new int[coded.length];
            int count = 0;
            for (int i = 0; i < coded.length; i++) {
                if (coded[i] >= Followers.BY_NUMBER) {
                    numbers[count++] = coded[i] - Followers.BY_NUMBER;
                    coded[i] = Followers.BY_NUMBER;
                }
            }
            return numbers;
        }

        /** Turns what differs from the expected into what is: a node that has no callee is expected to be a leaf. */
        private static int[] leafs(int[] differs, int[] up) {
            for (int i = 0; i < differs.length; i++) {
                boolean expected = i + 1 == differs.length || up[i + 1] > 0;
                differs[i] = expected ? 1 - differs[i] : differs[i];
            }
            return differs;
        }

        int[] parents() {
            return parent.length == nodes ? parent : Arrays.copyOf(parent, nodes);
        }

        int[] frames() {
            return frame.length == nodes ? frame : Arrays.copyOf(frame, nodes);
        }

        int[] leaves() {
            return Arrays.copyOf(leaves, leafCount);
        }
    }

    private static Samples.Block samples(
            Bytes.In in, int[] leaves, int threads, int states, int version, Totals measure) throws IOException {
        int n = in.rows(Samples.BLOCK);
        long[] time = times(in, n);
        int[] stack = in.indexes(n, leaves.length);
        int[] thread = in.indexes(n, threads);
        int[] stateIndex = in.indexes(n, Math.min(states, 128));
        long[] value = in.column(n);
        int[] weight = null;
        if (version > ProfileCodec.FIRST_VERSION) {
            weight = weights(in.indexes(n, Integer.MAX_VALUE));
        } else if (measure.measure().unit() == Unit.SAMPLES) {
            weight = new int[n];
            for (int i = 0; i < n; i++) {
                weight[i] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, value[i]));
            }
        }
        in.requireEnd();
        if (version > ProfileCodec.LAST_PLAIN_VERSION && measure.intervalNanos() != 0) {
            for (int i = 0; i < n; i++) {
                value[i] += (weight == null ? 1 : weight[i]) * measure.intervalNanos();
            }
        }
        byte[] state = new byte[n];
        for (int i = 0; i < n; i++) {
            stack[i] = leaves[stack[i]];
            state[i] = (byte) stateIndex[i];
        }
        return new Samples.Block(n, time, stack, thread, state, value, weight);
    }

    /** Returns the weights of rows; null when every row is one sample, which is stored as zeros. */
    private static int[] weights(int[] written) {
        for (int weight : written) {
            if (weight != 0) {
                return written;
            }
        }
        return null;
    }

    /** Stored as differences of microseconds. */
    private static long[] times(Bytes.In in, int n) throws IOException {
        long[] times = in.column(n);
        long micros = 0;
        for (int i = 0; i < n; i++) {
            micros += times[i];
            times[i] = micros * ProfileCodec.MICRO;
        }
        return times;
    }

    private ProfileInfo readInfo() throws IOException {
        Bytes.In body = open(only(ProfileCodec.INFO));
        String source = body.text();
        long startNanos = body.zigzag();
        long endNanos = body.zigzag();
        int rulesVersion = body.index(1 << 16);
        SortedMap<String, String> settings = body.map();
        SortedMap<String, String> host = body.map();
        List<String> warnings = new ArrayList<>();
        for (int n = body.count(1); n > 0; n--) {
            warnings.add(body.text());
        }
        body.requireEnd();
        if (isOutdated() && source.equals("async-profiler") || isOutdated() && source.equals("JDK")) {
            warnings.add(OLDER);
        }
        return new ProfileInfo(source, startNanos, endNanos, settings, host, rulesVersion, List.copyOf(warnings));
    }

    private List<Totals> readMeasures() throws IOException {
        Bytes.In body = open(only(ProfileCodec.MEASURES));
        List<Totals> list = new ArrayList<>();
        for (int n = body.count(4); n > 0; n--) {
            Measure measure = new Measure(body.text(), unit(body));
            long events = body.varint();
            long total = body.zigzag();
            boolean counted = isOutdated();
            long samples = counted ? measure.unit() == Unit.SAMPLES ? total : events : body.varint();
            list.add(new Totals(measure, events, samples, counted ? 0 : body.varint(), total));
        }
        body.requireEnd();
        return List.copyOf(list);
    }

    private static Unit unit(Bytes.In body) throws IOException {
        try {
            return Unit.ofWord(body.text());
        } catch (IllegalArgumentException e) {
            throw body.damaged(e.getMessage());
        }
    }

    private List<Series> readSeries() throws IOException {
        Bytes.In body = open(only(ProfileCodec.SERIES));
        List<Series> list = new ArrayList<>();
        for (int n = body.count(5); n > 0; n--) {
            String name = body.text();
            Unit unit = unit(body);
            int rows = body.rows(Integer.MAX_VALUE - 1);
            list.add(new Series(name, unit, times(body, rows), body.column(rows)));
        }
        body.requireEnd();
        return List.copyOf(list);
    }

    private Spans readSpans(int symbols, int threads) throws IOException {
        Bytes.In body = open(only(ProfileCodec.SPANS));
        int n = body.rows(Integer.MAX_VALUE - 1);
        Spans spans = new Spans(body.indexes(n, symbols), body.indexes(n, threads), times(body, n), body.column(n));
        body.requireEnd();
        return spans;
    }

    private List<Section> readFooter() throws IOException {
        long size = in.sizeBytes();
        if (size < ProfileCodec.HEADER_BYTES + ProfileCodec.TRAILER_BYTES) {
            throw new DamagedProfileException("header", "the file has only " + size + " bytes");
        }
        byte[] header = in.read(0, ProfileCodec.HEADER_BYTES);
        if (!Arrays.equals(header, 0, 4, ProfileCodec.MAGIC, 0, 4)) {
            throw new DamagedProfileException("header", "it does not start with \"DVLP\"");
        }
        version = ByteBuffer.wrap(header).getShort(4);
        if (version < ProfileCodec.FIRST_VERSION || version > ProfileCodec.VERSION) {
            throw new DamagedProfileException(
                    "header",
                    "version " + version + "; " + ProfileCodec.FIRST_VERSION + " to " + ProfileCodec.VERSION
                            + " are read");
        }
        ByteBuffer trailer = ByteBuffer.wrap(in.read(size - ProfileCodec.TRAILER_BYTES, ProfileCodec.TRAILER_BYTES));
        int footerBytes = trailer.getInt();
        int footerCrc = trailer.getInt();
        if (!Arrays.equals(trailer.array(), 8, 12, ProfileCodec.MAGIC, 0, 4)) {
            throw new DamagedProfileException("trailer", "it does not end with \"DVLP\"");
        }
        if (footerBytes < 0
                || footerBytes > MAX_FOOTER_BYTES
                || footerBytes > size - ProfileCodec.HEADER_BYTES - ProfileCodec.TRAILER_BYTES) {
            throw new DamagedProfileException("trailer", "footer of " + footerBytes + " bytes");
        }
        long footerAt = size - ProfileCodec.TRAILER_BYTES - footerBytes;
        byte[] footer = in.read(footerAt, footerBytes);
        if (ProfileCodec.crc(footer) != footerCrc) {
            throw new DamagedProfileException("footer", "checksum differs");
        }
        Bytes.In entries = new Bytes.In("footer", footer);
        List<Section> list = new ArrayList<>();
        for (int n = entries.count(8); n > 0; n--) {
            Section section = new Section(
                    entries.index(1 << 16),
                    entries.index(1 << 16),
                    entries.zigzag(),
                    entries.zigzag(),
                    entries.varint(),
                    entries.index(MAX_SECTION_BYTES),
                    entries.index(MAX_SECTION_BYTES),
                    (int) entries.varint());
            if (section.position() < ProfileCodec.HEADER_BYTES
                    || section.position() > footerAt - section.packedBytes()) {
                throw new DamagedProfileException(
                        ProfileCodec.name(section.kind()),
                        "position " + section.position() + " is outside of the file");
            }
            list.add(section);
        }
        entries.requireEnd();
        return list;
    }

    private Section only(int kind) throws IOException {
        for (Section section : sections) {
            if (section.kind() == kind) {
                return section;
            }
        }
        throw new DamagedProfileException(ProfileCodec.name(kind), "missing");
    }

    private Bytes.In open(Section section) throws IOException {
        byte[] packed = in.read(section.position(), section.packedBytes());
        String name = ProfileCodec.name(section.kind()) + " at offset " + section.position();
        if (ProfileCodec.crc(packed) != section.crc()) {
            throw new DamagedProfileException(name, "checksum differs");
        }
        try {
            byte[] raw = Zstd.decompress(packed, section.rawBytes());
            if (raw.length != section.rawBytes()) {
                throw new DamagedProfileException(name, "length differs");
            }
            return new Bytes.In(name, raw);
        } catch (ZstdException e) {
            throw new DamagedProfileException(name, e.getMessage());
        }
    }

    private static String[] texts(Bytes.In in, boolean whole) throws IOException {
        String[] texts = new String[in.count(1)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = in.text();
        }
        if (whole) {
            in.requireEnd();
        }
        return texts;
    }
}
