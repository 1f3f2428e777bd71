package io.davylamp.benchmarks;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.jfr.ScrubbedRecording;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import one.jfr.JfrReader;
import one.jfr.event.Event;
import org.openjdk.jmc.common.IMCFrame;
import org.openjdk.jmc.common.IMCStackTrace;
import org.openjdk.jmc.common.item.IItem;
import org.openjdk.jmc.common.item.IItemIterable;
import org.openjdk.jmc.common.item.IMemberAccessor;
import org.openjdk.jmc.flightrecorder.JfrAttributes;
import org.openjdk.jmc.flightrecorder.JfrLoaderToolkit;

/**
 * Recording to profile in memory. Ours has every measure, times and threads; the converter makes one collapsed output per measure
 * without times; JMC and the JDK's reader fill one hash-map tree per event type. async-profiler's reader alone, which makes nothing of
 * what it decodes, is the one not to be slower than.
 */
final class ImportBench {
    private static final int SLOW_ROUNDS = 2;
    private static final String JFR_READER = "JfrReader, decoding only";

    /** A tree as one writes it in a hurry: a map of children per node. */
    private static final class Node {
        final Map<String, Node> children = new HashMap<>();
        long value;

        long total() {
            return value + children.values().stream().mapToLong(Node::total).sum();
        }

        Node child(String name) {
            return children.computeIfAbsent(name, k -> new Node());
        }
    }

    private ImportBench() {}

    static void run(Path recording, int rounds) throws Exception {
        byte[] bytes = Corpus.bytes(recording);
        Path file = Corpus.unpacked(bytes);
        System.out.printf("%s, %.1f MB%n", recording.getFileName(), bytes.length / 1e6);
        Map<String, Double> medians = new Contest()
                .add("varint scan", rounds, () -> VarintScan.sum(bytes))
                .add("davylamp", rounds, () -> JfrImport.read(SeekableBytes.of(bytes)))
                .add("its secrets found", rounds, () -> ScrubbedRecording.of(SeekableBytes.of(bytes)))
                .add(
                        "found, and a copy on disk",
                        rounds,
                        () -> scrubbed(bytes, file.resolveSibling(file.getFileName() + ".copy")))
                .add(JFR_READER, rounds, () -> decoded(file))
                .add("jfr-converter", Math.min(rounds, 5), () -> converter(file))
                .add("JMC", SLOW_ROUNDS, () -> jmc(file))
                .add("JDK RecordingFile", SLOW_ROUNDS, () -> jdk(file))
                .run();
        Contest.ratio(medians, "davylamp", "varint scan");
        Contest.ratio(medians, "davylamp", JFR_READER);
        Contest.ratio(medians, "jfr-converter", "davylamp");
        Contest.ratio(medians, "JMC", "davylamp");
        Contest.ratio(medians, "JDK RecordingFile", "davylamp");
        System.out.printf("  davylamp reads %.0f MB/s%n", bytes.length / 1e3 / medians.get("davylamp"));
    }

    /** The second write of a recording that is stored: without its secrets, and durable. */
    private static long scrubbed(byte[] bytes, Path copy) throws IOException {
        ScrubbedRecording scrubbed = ScrubbedRecording.of(SeekableBytes.of(bytes));
        byte[] piece = new byte[64 << 10];
        try (FileChannel to = FileChannel.open(
                copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            for (long at = 0; at < scrubbed.sizeBytes(); ) {
                int n = scrubbed.read(at, piece, 0, (int) Math.min(piece.length, scrubbed.sizeBytes() - at));
                to.write(ByteBuffer.wrap(piece, 0, n));
                at += n;
            }
            to.force(false);
        }
        return scrubbed.hiddenBytes();
    }

    static void chunks(Path recording, int rounds) throws Exception {
        byte[] one = Corpus.bytes(recording);
        byte[] bytes = new byte[one.length * 8];
        for (int i = 0; i < 8; i++) {
            System.arraycopy(one, 0, bytes, i * one.length, one.length); // chunks stand one after the other
        }
        int processors = Runtime.getRuntime().availableProcessors();
        Contest contest = new Contest();
        for (int threads : new int[] {1, processors}) {
            contest.add(
                    threads + " threads",
                    rounds,
                    () -> JfrImport.read(
                            SeekableBytes.of(bytes),
                            NameRules.CURRENT,
                            JfrLimits.DEFAULT,
                            ProfileLimits.DEFAULT,
                            threads));
        }
        System.out.printf("8 x %s, %.1f MB%n", recording.getFileName(), bytes.length / 1e6);
        Contest.ratio(contest.run(), "1 threads", processors + " threads");
    }

    /** All events, stack traces and dictionaries of async-profiler's reader, of which nothing is made. */
    private static long decoded(Path file) throws IOException {
        long sum = 0;
        try (JfrReader reader = new JfrReader(file.toString())) {
            for (Event event; (event = reader.readEvent()) != null; ) {
                sum += event.time + event.stackTraceId;
            }
            return sum + reader.stackTraces.size();
        }
    }

    private static int converter(Path file) throws IOException {
        int outputs = 0;
        for (String measure : List.of("--cpu", "--wall", "--alloc", "--lock")) {
            try (JfrReader reader = new JfrReader(file.toString())) {
                JfrToFlame flame = new JfrToFlame(reader, new Arguments(measure, "--total", "-o", "collapsed"));
                flame.convert();
                flame.dump(OutputStream.nullOutputStream());
                outputs++;
            }
        }
        return outputs;
    }

    private static long jdk(Path file) throws IOException {
        Map<String, Node> trees = new HashMap<>();
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                RecordedStackTrace stack = event.getStackTrace();
                if (stack != null) {
                    Node node = trees.computeIfAbsent(event.getEventType().getName(), k -> new Node());
                    List<RecordedFrame> frames = stack.getFrames();
                    for (int i = frames.size() - 1; i >= 0; i--) {
                        node = node.child(frames.get(i).getMethod().getType().getName() + "."
                                + frames.get(i).getMethod().getName());
                    }
                    node.value++;
                }
            }
        }
        return trees.values().stream().mapToLong(Node::total).sum();
    }

    private static long jmc(Path file) throws Exception {
        Map<String, Node> trees = new HashMap<>();
        for (IItemIterable items : JfrLoaderToolkit.loadEvents(file.toFile())) {
            IMemberAccessor<IMCStackTrace, IItem> stackOf = JfrAttributes.EVENT_STACKTRACE.getAccessor(items.getType());
            if (stackOf == null) {
                continue;
            }
            for (IItem item : items) {
                IMCStackTrace stack = stackOf.getMember(item);
                if (stack != null) {
                    Node node = trees.computeIfAbsent(items.getType().getIdentifier(), k -> new Node());
                    List<? extends IMCFrame> frames = stack.getFrames();
                    for (int i = frames.size() - 1; i >= 0; i--) {
                        node = node.child(frames.get(i).getMethod().getType().getFullName() + "."
                                + frames.get(i).getMethod().getMethodName());
                    }
                    node.value++;
                }
            }
        }
        return trees.values().stream().mapToLong(Node::total).sum();
    }
}
