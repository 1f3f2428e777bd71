package io.davylamp.profile.codec;

import com.github.luben.zstd.Zstd;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.Series;
import io.davylamp.profile.Spans;
import io.davylamp.profile.SymbolTable;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes the stored form of a profile, version 3: compressed, checksummed sections and a footer that says where each is, so that
 * {@link StoredProfile} fetches what a query needs by range. Format: docs/formats/profile-v3.md. Thread-safe, no state.
 */
public final class ProfileCodec {
    static final byte[] MAGIC = "DVLP".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 3;
    /** Its samples of processor time and wall clock are counted, not timed. */
    static final int FIRST_VERSION = 1;

    /** The last one whose symbols, frames, stacks and values stood as plain columns. */
    static final int LAST_PLAIN_VERSION = 2;

    static final int HEADER_BYTES = 6;
    /** Length of the footer, its checksum, the magic. */
    static final int TRAILER_BYTES = 12;

    /** Nodes of one section of stacks. */
    static final int STACK_BLOCK = 1 << 18;

    static final int INFO = 1;
    static final int SYMBOLS = 2;
    static final int METHODS = 3;
    static final int FRAMES = 4;
    static final int STACKS = 5;
    static final int THREADS = 6;
    static final int STATES = 7;
    static final int MEASURES = 8;
    static final int SAMPLES = 9;
    static final int SERIES = 10;
    static final int SPANS = 11;
    /** Reserved: no writer makes these yet, and readers skip them. */
    static final int LABELS = 12;

    static final int SAMPLE_LABELS = 13;

    /** Times are kept in these. */
    static final long MICRO = 1_000;

    private static final int ZSTD_LEVEL = 9;

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
        return StoredProfile.open(in).load();
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static String name(int kind) {
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
            case SERIES -> "series";
            case SPANS -> "spans";
            case LABELS -> "labels";
            case SAMPLE_LABELS -> "labels of samples";
            default -> "section of kind " + kind;
        };
    }

    private static final class Writer {
        private final OutputStream out;
        private final Bytes.Out footer = new Bytes.Out();
        private int sections;
        private long position = HEADER_BYTES;
        /** By the profile's symbol: its number among the sorted ones. */
        private int[] newSymbol;

        Writer(OutputStream out) {
            this.out = out;
        }

        void write(Profile p) throws IOException {
            out.write(MAGIC);
            out.write(ByteBuffer.allocate(2).putShort((short) VERSION).array());
            Layout layout = new Layout(p);
            section(INFO, info(p.info()));
            section(SYMBOLS, symbols(p.symbols()));
            section(METHODS, methods(p.methods(), layout));
            section(FRAMES, frames(p, layout));
            for (int from = 1; from < layout.nodes(); from += STACK_BLOCK) {
                section(STACKS, stacks(layout, from));
            }
            section(THREADS, threads(p.threads()));
            section(STATES, texts(p.states()));
            section(MEASURES, measures(p));
            int number = 0;
            for (Map.Entry<Measure, Samples> each : p.measures().entrySet()) {
                long interval = each.getValue().intervalNanos(each.getKey());
                for (Samples.Block block : each.getValue().blocks()) {
                    samples(number, interval, block, layout);
                }
                number++;
            }
            section(SERIES, series(p));
            section(SPANS, spans(p.spans()));
            Bytes.Out counted = new Bytes.Out();
            counted.varint(sections);
            byte[] entries = footer.toArray();
            counted.bytes(entries, entries.length);
            byte[] all = counted.toArray();
            out.write(all);
            out.write(ByteBuffer.allocate(8).putInt(all.length).putInt(crc(all)).array());
            out.write(MAGIC);
        }

        private void section(int kind, Bytes.Out raw) throws IOException {
            section(kind, 0, 0, 0, raw);
        }

        private void section(int kind, int measure, long first, long last, Bytes.Out raw) throws IOException {
            byte[] bytes = raw.toArray();
            byte[] packed = Zstd.compress(bytes, ZSTD_LEVEL);
            out.write(packed);
            footer.varint(kind);
            footer.varint(measure);
            footer.zigzag(first);
            footer.zigzag(last);
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
            out.map(info.settings());
            out.map(info.host());
            out.varint(info.warnings().size());
            info.warnings().forEach(out::text);
            return out;
        }

        private Bytes.Out symbols(SymbolTable symbols) {
            int n = symbols.size();
            byte[][] texts = new byte[n][];
            Arrays.setAll(texts, i -> symbols.get(i).getBytes(StandardCharsets.UTF_8));
            int[] order = new int[n];
            Arrays.setAll(order, i -> i);
            IntArrays.mergeSort(order, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
            newSymbol = new int[n];
            byte[][] sorted = new byte[n][];
            for (int i = 0; i < n; i++) {
                newSymbol[order[i]] = i;
                sorted[i] = texts[order[i]];
            }
            Bytes.Out out = new Bytes.Out();
            out.sortedTexts(sorted);
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

        private Bytes.Out methods(Profile.Methods methods, Layout layout) {
            Bytes.Out out = new Bytes.Out();
            int n = layout.methods();
            int[] className = new int[n];
            int[] rawClassName = new int[n];
            int[] name = new int[n];
            for (int i = 0; i < n; i++) {
                className[i] = newSymbol[methods.className()[layout.oldMethod(i)]];
                rawClassName[i] = newSymbol[methods.rawClassName()[layout.oldMethod(i)]];
                name[i] = newSymbol[methods.name()[layout.oldMethod(i)]];
            }
            out.varint(n);
            out.column(n, i -> className[i]);
            out.column(n, i -> rawClassName[i] - className[i]);
            out.column(n, i -> name[i]);
            return out;
        }

        private static Bytes.Out frames(Profile p, Layout layout) {
            Bytes.Out out = new Bytes.Out();
            int n = layout.frames();
            int[] lineDelta = new int[n];
            int[] lastLine = new int[p.methods().size()];
            for (int i = 0; i < n; i++) {
                int method = p.frames().method()[layout.oldFrame(i)];
                int line = p.frames().line()[layout.oldFrame(i)];
                lineDelta[i] = line - lastLine[method];
                lastLine[method] = line;
            }
            out.varint(n);
            out.column(n, i -> p.frames().kind()[layout.oldFrame(i)]);
            out.sparse(n, layout::codedMethod);
            out.column(n, i -> lineDelta[i]);
            return out;
        }

        private static Bytes.Out stacks(Layout layout, int from) {
            Bytes.Out out = new Bytes.Out();
            int n = Math.min(layout.nodes() - from, STACK_BLOCK);
            int[] byNumber = new int[n];
            int numbers = 0;
            for (int i = 0; i < n; i++) {
                if (layout.codedFrame(from + i) == Followers.BY_NUMBER) {
                    byNumber[numbers++] = layout.numberOfFrame(from + i);
                }
            }
            out.varint(n);
            out.sparse(n, i -> layout.levelsUp(from + i));
            out.sparse(n, i -> layout.codedFrame(from + i));
            out.column(numbers, i -> byNumber[i]);
            // A node without a callee is always a leaf: only others need to be named.
            out.sparse(n, i -> layout.isLeaf(from + i) == (i + 1 == n || layout.levelsUp(from + i + 1) > 0) ? 0 : 1);
            return out;
        }

        private static Bytes.Out threads(Profile.Threads threads) {
            Bytes.Out out = texts(threads.name());
            int n = threads.size();
            out.column(n, i -> threads.osId()[i]);
            out.column(n, i -> threads.javaId()[i]);
            out.column(n, i -> threads.virtual()[i] ? 1 : 0);
            return out;
        }

        private static Bytes.Out measures(Profile p) {
            Bytes.Out out = new Bytes.Out();
            out.varint(p.measures().size());
            p.measures().forEach((measure, samples) -> {
                out.text(measure.name());
                out.text(measure.unit().word());
                long total = 0;
                for (Samples.Block block : samples.blocks()) {
                    for (int i = 0; i < block.size(); i++) {
                        total += block.value(i);
                    }
                }
                out.varint(samples.size());
                out.zigzag(total);
                out.varint(samples.weights());
                out.varint(samples.intervalNanos(measure));
            });
            return out;
        }

        private void samples(int measure, long interval, Samples.Block block, Layout layout) throws IOException {
            Bytes.Out out = new Bytes.Out();
            int n = block.size();
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (int i = 0; i < n; i++) {
                first = Math.min(first, block.timeNanos(i));
                last = Math.max(last, block.timeNanos(i));
            }
            out.varint(n);
            out.column(n, i -> (block.timeNanos(i) - (i == 0 ? 0 : block.timeNanos(i - 1))) / MICRO);
            out.column(n, i -> layout.leaf(block.stack(i)));
            out.column(n, i -> block.thread(i));
            out.column(n, i -> block.state(i));
            out.column(n, i -> block.value(i) - block.weight(i) * interval);
            out.column(n, i -> block.isWeighted() ? block.weight(i) : 0);
            section(SAMPLES, measure, first, last, out);
        }

        private static Bytes.Out series(Profile p) {
            Bytes.Out out = new Bytes.Out();
            out.varint(p.series().size());
            for (Series series : p.series()) {
                int n = series.value().length;
                out.text(series.name());
                out.text(series.unit().word());
                out.varint(n);
                out.column(n, i -> (series.timeNanos()[i] - (i == 0 ? 0 : series.timeNanos()[i - 1])) / MICRO);
                out.column(n, i -> series.value()[i]);
            }
            return out;
        }

        private Bytes.Out spans(Spans spans) {
            Bytes.Out out = new Bytes.Out();
            int n = spans.size();
            out.varint(n);
            out.column(n, i -> newSymbol[spans.tag()[i]]);
            out.column(n, i -> spans.thread()[i]);
            out.column(n, i -> (spans.startNanos()[i] - (i == 0 ? 0 : spans.startNanos()[i - 1])) / MICRO);
            out.column(n, i -> spans.durationNanos()[i]);
            return out;
        }
    }
}
