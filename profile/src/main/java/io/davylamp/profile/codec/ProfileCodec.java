package io.davylamp.profile.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Unit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes and reads the stored form of a profile, version 1: compressed, checksummed sections and a footer that says where each
 * is, so that a reader fetches what it needs by range. Format: docs/formats/profile-v1.md. Thread-safe, no state.
 */
public final class ProfileCodec {
    static final byte[] MAGIC = "DVLP".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    static final int HEADER_BYTES = 6;
    /** Length of the footer, its checksum, the magic. */
    static final int TRAILER_BYTES = 12;

    private static final int ZSTD_LEVEL = 3;
    private static final int MAX_FOOTER_BYTES = 64 << 20;
    private static final int MAX_SECTION_BYTES = 1 << 30;

    private static final int INFO = 1;
    private static final int SYMBOLS = 2;
    private static final int METHODS = 3;
    private static final int FRAMES = 4;
    private static final int STACKS = 5;
    private static final int THREADS = 6;
    private static final int STATES = 7;
    private static final int MEASURES = 8;
    private static final int SAMPLES = 9;

    private ProfileCodec() {}

    /** Writes {@code profile}; the caller closes {@code out}. */
    public static void write(Profile profile, OutputStream out) throws IOException {
        new Writer(out).write(profile);
    }

    /**
     * Reads a whole profile.
     *
     * @throws DamagedProfileException naming the section, if bytes contradict the format or their checksum
     */
    public static Profile read(SeekableBytes in) throws IOException {
        return new Reader(in).read();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String name(int kind) {
        return switch (kind) {
            case INFO -> "info";
            case SYMBOLS -> "symbols";
            case METHODS -> "methods";
            case FRAMES -> "frames";
            case STACKS -> "stacks";
            case THREADS -> "threads";
            case STATES -> "states";
            case MEASURES -> "measures";
            case SAMPLES -> "samples";
            default -> "section of kind " + kind;
        };
    }

    private static final class Writer {
        private final OutputStream out;
        private final Bytes.Out footer = new Bytes.Out();
        private int sections;
        private long position = HEADER_BYTES;

        Writer(OutputStream out) {
            this.out = out;
        }

        void write(Profile p) throws IOException {
            out.write(MAGIC);
            out.write(ByteBuffer.allocate(2).putShort((short) VERSION).array());
            section(INFO, 0, info(p.info()));
            section(SYMBOLS, 0, texts(p.symbols()));
            section(METHODS, 0, pairs(p.methodClass(), p.methodNames()));
            section(FRAMES, 0, frames(p));
            section(STACKS, 0, stacks(p));
            section(THREADS, 0, threads(p));
            section(STATES, 0, texts(p.states()));
            Bytes.Out measures = new Bytes.Out();
            measures.varint(p.measures().size());
            for (Measure measure : p.measures().keySet()) {
                measures.text(measure.name());
                measures.text(measure.unit().word());
            }
            section(MEASURES, 0, measures);
            int number = 0;
            for (Samples samples : p.measures().values()) {
                for (Samples.Block block : samples.blocks()) {
                    section(SAMPLES, number, samples(block));
                }
                number++;
            }
            Bytes.Out counted = new Bytes.Out();
            counted.varint(sections);
            byte[] entries = footer.toArray();
            counted.bytes(entries, entries.length);
            byte[] all = counted.toArray();
            out.write(all);
            out.write(ByteBuffer.allocate(8).putInt(all.length).putInt(crc(all)).array());
            out.write(MAGIC);
        }

        private void section(int kind, int measure, Bytes.Out raw) throws IOException {
            byte[] bytes = raw.toArray();
            byte[] packed = Zstd.compress(bytes, ZSTD_LEVEL);
            out.write(packed);
            footer.varint(kind);
            footer.varint(measure);
            footer.varint(position);
            footer.varint(packed.length);
            footer.varint(bytes.length);
            footer.varint(crc(packed) & 0xffffffffL);
            position += packed.length;
            sections++;
        }

        private static Bytes.Out info(ProfileInfo info) {
            Bytes.Out out = new Bytes.Out();
            out.text(info.source());
            out.zigzag(info.startNanos());
            out.zigzag(info.endNanos());
            out.varint(info.rulesVersion());
            out.varint(info.settings().size());
            info.settings().forEach((key, value) -> {
                out.text(key);
                out.text(value);
            });
            out.varint(info.warnings().size());
            info.warnings().forEach(out::text);
            return out;
        }

        private static Bytes.Out texts(String[] texts) {
            Bytes.Out out = new Bytes.Out();
            out.varint(texts.length);
            for (String text : texts) {
                out.text(text);
            }
            return out;
        }

        private static Bytes.Out pairs(int[] first, int[] second) {
            Bytes.Out out = new Bytes.Out();
            out.varint(first.length);
            for (int value : first) {
                out.varint(value);
            }
            for (int value : second) {
                out.varint(value);
            }
            return out;
        }

        private static Bytes.Out frames(Profile p) {
            Bytes.Out out = pairs(p.frameMethod(), p.frameLines());
            out.bytes(p.frameKinds(), p.frameKinds().length);
            return out;
        }

        private static Bytes.Out stacks(Profile p) {
            Bytes.Out out = new Bytes.Out();
            int[] parent = p.stackParent();
            int[] frame = p.stackFrame();
            out.varint(parent.length);
            for (int i = 1; i < parent.length; i++) {
                out.varint(i - 1 - parent[i]);
            }
            for (int i = 1; i < parent.length; i++) {
                out.varint(frame[i]);
            }
            return out;
        }

        private static Bytes.Out threads(Profile p) {
            Bytes.Out out = texts(p.threadNames());
            for (int i = 0; i < p.threadCount(); i++) {
                out.zigzag(p.threadOsIds()[i]);
                out.zigzag(p.threadJavaIds()[i]);
            }
            return out;
        }

        private static Bytes.Out samples(Samples.Block block) {
            Bytes.Out out = new Bytes.Out();
            int n = block.size();
            out.varint(n);
            long lastTime = 0;
            for (int i = 0; i < n; i++) {
                out.zigzag(block.timeNanos(i) - lastTime);
                lastTime = block.timeNanos(i);
            }
            for (int i = 0; i < n; i++) {
                out.varint(block.stack(i));
            }
            for (int i = 0; i < n; i++) {
                out.varint(block.thread(i));
            }
            for (int i = 0; i < n; i++) {
                out.varint(block.state(i));
            }
            for (int i = 0; i < n; i++) {
                out.zigzag(block.value(i));
            }
            return out;
        }
    }

    private record Section(int kind, int measure, long position, int packedBytes, int rawBytes, int crc) {}

    private static final class Reader {
        private final SeekableBytes in;

        Reader(SeekableBytes in) {
            this.in = in;
        }

        Profile read() throws IOException {
            List<Section> sections = sections();
            Bytes.In info = open(only(sections, INFO));
            String source = info.text();
            long startNanos = info.zigzag();
            long endNanos = info.zigzag();
            int rulesVersion = info.index(1 << 16);
            SortedMap<String, String> settings = new TreeMap<>();
            for (int n = info.count(2); n > 0; n--) {
                settings.put(info.text(), info.text());
            }
            List<String> warnings = new ArrayList<>();
            for (int n = info.count(1); n > 0; n--) {
                warnings.add(info.text());
            }
            info.requireEnd();

            String[] symbols = texts(open(only(sections, SYMBOLS)), true);
            Bytes.In methods = open(only(sections, METHODS));
            int methodCount = methods.count(2);
            int[] methodClass = indexes(methods, methodCount, symbols.length);
            int[] methodName = indexes(methods, methodCount, symbols.length);
            methods.requireEnd();

            Bytes.In frames = open(only(sections, FRAMES));
            int frameCount = frames.count(3);
            int[] frameMethod = indexes(frames, frameCount, methodCount);
            int[] frameLine = indexes(frames, frameCount, 1 << 28);
            byte[] frameKind = frames.bytes(frameCount);
            frames.requireEnd();

            Bytes.In stacks = open(only(sections, STACKS));
            int stackCount = Math.max(1, stacks.count(1));
            int[] stackParent = new int[stackCount];
            int[] stackFrame = new int[stackCount];
            stackParent[0] = -1;
            stackFrame[0] = -1;
            for (int i = 1; i < stackCount; i++) {
                stackParent[i] = i - 1 - stacks.index(i);
            }
            for (int i = 1; i < stackCount; i++) {
                stackFrame[i] = stacks.index(frameCount);
            }
            stacks.requireEnd();

            Bytes.In threads = open(only(sections, THREADS));
            String[] threadName = texts(threads, false);
            long[] osId = new long[threadName.length];
            long[] javaId = new long[threadName.length];
            for (int i = 0; i < threadName.length; i++) {
                osId[i] = threads.zigzag();
                javaId[i] = threads.zigzag();
            }
            threads.requireEnd();
            String[] states = texts(open(only(sections, STATES)), true);

            Bytes.In measureList = open(only(sections, MEASURES));
            List<Measure> measures = new ArrayList<>();
            for (int n = measureList.count(2); n > 0; n--) {
                String name = measureList.text();
                try {
                    measures.add(new Measure(name, Unit.ofWord(measureList.text())));
                } catch (IllegalArgumentException e) {
                    throw measureList.damaged(e.getMessage());
                }
            }
            List<List<Samples.Block>> blocks = new ArrayList<>();
            measures.forEach(measure -> blocks.add(new ArrayList<>()));
            for (Section section : sections) {
                if (section.kind() == SAMPLES) {
                    if (section.measure() >= blocks.size()) {
                        throw new DamagedProfileException("footer", "samples of measure " + section.measure());
                    }
                    blocks.get(section.measure())
                            .add(samples(open(section), stackCount, threadName.length, states.length));
                }
            }
            SortedMap<Measure, Samples> samples = new TreeMap<>();
            for (int i = 0; i < measures.size(); i++) {
                samples.put(measures.get(i), Samples.of(blocks.get(i)));
            }
            return new Profile(
                    symbols,
                    methodClass,
                    methodName,
                    frameMethod,
                    frameLine,
                    frameKind,
                    stackParent,
                    stackFrame,
                    threadName,
                    osId,
                    javaId,
                    states,
                    samples,
                    new ProfileInfo(source, startNanos, endNanos, settings, rulesVersion, List.copyOf(warnings)));
        }

        private List<Section> sections() throws IOException {
            long size = in.sizeBytes();
            if (size < HEADER_BYTES + TRAILER_BYTES) {
                throw new DamagedProfileException("header", "the file has only " + size + " bytes");
            }
            byte[] header = in.read(0, HEADER_BYTES);
            if (!Arrays.equals(header, 0, 4, MAGIC, 0, 4)) {
                throw new DamagedProfileException("header", "it does not start with \"DVLP\"");
            }
            int version = ByteBuffer.wrap(header).getShort(4);
            if (version != VERSION) {
                throw new DamagedProfileException("header", "version " + version + "; only " + VERSION + " is read");
            }
            ByteBuffer trailer = ByteBuffer.wrap(in.read(size - TRAILER_BYTES, TRAILER_BYTES));
            int footerBytes = trailer.getInt();
            int footerCrc = trailer.getInt();
            if (!Arrays.equals(trailer.array(), 8, 12, MAGIC, 0, 4)) {
                throw new DamagedProfileException("trailer", "it does not end with \"DVLP\"");
            }
            if (footerBytes < 0
                    || footerBytes > MAX_FOOTER_BYTES
                    || footerBytes > size - HEADER_BYTES - TRAILER_BYTES) {
                throw new DamagedProfileException("trailer", "footer of " + footerBytes + " bytes");
            }
            long footerAt = size - TRAILER_BYTES - footerBytes;
            byte[] footer = in.read(footerAt, footerBytes);
            if (crc(footer) != footerCrc) {
                throw new DamagedProfileException("footer", "checksum differs");
            }
            Bytes.In entries = new Bytes.In("footer", footer);
            List<Section> sections = new ArrayList<>();
            for (int n = entries.count(6); n > 0; n--) {
                Section section = new Section(
                        entries.index(1 << 16),
                        entries.index(1 << 16),
                        entries.varint(),
                        entries.index(MAX_SECTION_BYTES),
                        entries.index(MAX_SECTION_BYTES),
                        (int) entries.varint());
                if (section.position() < HEADER_BYTES || section.position() > footerAt - section.packedBytes()) {
                    throw new DamagedProfileException(
                            name(section.kind()), "position " + section.position() + " is outside of the file");
                }
                sections.add(section);
            }
            entries.requireEnd();
            return sections;
        }

        private static Section only(List<Section> sections, int kind) throws IOException {
            for (Section section : sections) {
                if (section.kind() == kind) {
                    return section;
                }
            }
            throw new DamagedProfileException(name(kind), "missing");
        }

        private Bytes.In open(Section section) throws IOException {
            byte[] packed = in.read(section.position(), section.packedBytes());
            String name = name(section.kind()) + " at offset " + section.position();
            if (crc(packed) != section.crc()) {
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

        private static int[] indexes(Bytes.In in, int count, int bound) throws IOException {
            int[] values = new int[count];
            for (int i = 0; i < count; i++) {
                values[i] = in.index(bound);
            }
            return values;
        }

        private static Samples.Block samples(Bytes.In in, int stacks, int threads, int states) throws IOException {
            int n = in.count(5);
            if (n > Samples.BLOCK) {
                throw in.damaged(n + " rows in a block; " + Samples.BLOCK + " are allowed");
            }
            long[] time = new long[n];
            long last = 0;
            for (int i = 0; i < n; i++) {
                last += in.zigzag();
                time[i] = last;
            }
            int[] stack = indexes(in, n, stacks);
            int[] thread = indexes(in, n, threads);
            byte[] state = new byte[n];
            for (int i = 0; i < n; i++) {
                state[i] = (byte) in.index(Math.min(states, 128));
            }
            long[] value = new long[n];
            for (int i = 0; i < n; i++) {
                value[i] = in.zigzag();
            }
            in.requireEnd();
            return new Samples.Block(n, time, stack, thread, state, value);
        }
    }
}
