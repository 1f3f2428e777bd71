package io.davylamp.benchmarks;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.Chunk;
import io.davylamp.jfr.ChunkHeader;
import io.davylamp.jfr.ConstantPools;
import io.davylamp.jfr.EventCursor;
import io.davylamp.jfr.EventType;
import io.davylamp.jfr.FieldSlots;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.container.Unpacked;
import io.davylamp.profile.jfr.JfrImport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Every recording below a folder, counted by us and by the JDK's own reader: events, events with a stack trace, durations and start
 * times of each event type; then events and sums of each measure. A table of files, and every deviation by name.
 */
final class JudgeBench {
    private static final int START_TIME = 0;
    private static final int DURATION = 1;
    private static final int STACK = 2;
    private static final FieldSlots COUNTED = new FieldSlots()
            .with(START_TIME, "startTime")
            .with(DURATION, "duration")
            .with(STACK, "stackTrace");

    /** Measures, alone or together, and the types whose events theirs are. */
    private static final Map<String, Set<String>> SHARED = Map.of(
            "alloc",
            Set.of("jdk.ObjectAllocationInNewTLAB", "jdk.ObjectAllocationOutsideTLAB", "jdk.ObjectAllocationSample"),
            "lock wait park",
            Set.of("jdk.JavaMonitorEnter", "jdk.ThreadPark", "jdk.JavaMonitorWait", "jdk.ThreadSleep"),
            "live",
            Set.of("profiler.LiveObject", "jdk.OldObjectSample"),
            "native-memory",
            Set.of("profiler.Malloc"),
            "native-lock",
            Set.of("profiler.NativeLock"),
            "native",
            Set.of("jdk.NativeMethodSample"),
            "method",
            Set.of("jdk.MethodTrace"));
    /** Measures that are events of other measures once more, with another value. */
    private static final Set<String> AGAIN = Set.of("alloc-outside-tlab", "native-leak");

    private static final Set<String> EXECUTIONS =
            Set.of("jdk.ExecutionSample", "jdk.CPUTimeSample", "profiler.WallClockSample");
    private static final String EXECUTION = "cpu, wall, counters";

    private JudgeBench() {}

    private enum Verdict {
        AGREES("agree: the same events, stacks, durations and times of each type, and the same events of each measure"),
        REFUSED("are refused by both"),
        ONLY_OURS("are read whole by us, and the JDK's reader fails"),
        DEVIATES("deviate");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    /** The counts of one reader for the events of one type. */
    private static final class Tally {
        long events;
        long stacks;
        long durationNanos;
        long startNanos;

        @Override
        public boolean equals(Object other) {
            return other instanceof Tally tally
                    && events == tally.events
                    && stacks == tally.stacks
                    && durationNanos == tally.durationNanos
                    && startNanos == tally.startNanos;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(events);
        }

        @Override
        public String toString() {
            return events + " events, " + stacks + " with stacks, " + durationNanos + " ns, starts " + startNanos;
        }
    }

    static void run(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        Map<String, List<String>> deviations = new LinkedHashMap<>();
        System.out.printf(
                "%-60s %-8s %-8s %6s %9s %6s  %s%n", "FILE", "PACKED", "VERSION", "CHUNKS", "EVENTS", "TYPES", "");
        for (Path file : files) {
            List<String> words = new ArrayList<>();
            String name = folder.relativize(file).toString();
            verdicts.merge(judge(file, name, words), 1, Integer::sum);
            if (!words.isEmpty()) {
                deviations.put(name, words);
            }
        }
        deviations.forEach((file, words) -> {
            System.out.println();
            System.out.println(file);
            words.forEach(word -> System.out.println("  " + word));
        });
        System.out.printf("%n%d files%n", files.size());
        verdicts.forEach((verdict, count) -> System.out.printf("%4d %s%n", count, verdict.words));
    }

    private static Verdict judge(Path file, String name, List<String> words) throws IOException {
        Path plain = Files.createTempFile("davylamp-judge", ".jfr");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Unpacked unpacked = new Unpacked(SeekableBytes.of(channel), UnpackLimits.LOCAL, Scratch::temporary)) {
            SeekableBytes bytes = unpacked.seekable();
            copy(bytes, 0, bytes.sizeBytes(), plain);
            Map<String, Tally> ours = new TreeMap<>();
            Map<String, Tally> theirs = new TreeMap<>();
            Set<String> versions = new TreeSet<>();
            int chunks = 0;
            String ourFault = "";
            String theirFault = "";
            try (ByteSource source = ByteSource.of(plain)) {
                JfrFile recording = JfrFile.open(source, JfrLimits.DEFAULT);
                chunks = recording.chunks().size();
                for (ChunkHeader header : recording.chunks()) {
                    versions.add(header.major() + "." + header.minor());
                    tally(recording.open(header), ours);
                    theirFault += theirs(bytes, header, theirs);
                }
                ourFault = recording.losses().isEmpty()
                        ? ""
                        : recording.losses().get(0).getMessage();
            } catch (IOException e) {
                ourFault = e.getMessage();
            }
            if (chunks == 0) {
                try {
                    tally(plain, theirs);
                } catch (IOException | RuntimeException | Error e) {
                    theirFault = String.valueOf(e);
                }
            }
            String profileFault = "";
            Map<String, MeasureSummary> measures = new TreeMap<>();
            try {
                Profile profile = JfrImport.read(bytes);
                profile.summaries().forEach(each -> measures.put(each.measure().name(), each));
            } catch (UnreadableRecordingException e) {
                profileFault = e.getMessage();
            }
            if (!ourFault.isEmpty() || !theirFault.isEmpty() || !profileFault.isEmpty()) {
                words.add("ours: " + (ourFault.isEmpty() ? "whole" : ourFault));
                words.add("the JDK's: " + (theirFault.isEmpty() ? "whole" : theirFault));
                words.add("profile: " + (profileFault.isEmpty() ? measures.keySet() : profileFault));
            }
            Set<String> types = new TreeSet<>(ours.keySet());
            types.addAll(theirs.keySet());
            for (String type : types) {
                if (!ours.getOrDefault(type, new Tally()).equals(theirs.getOrDefault(type, new Tally()))) {
                    words.add(type + ": ours " + ours.get(type) + "; the JDK's " + theirs.get(type));
                }
            }
            if (profileFault.isEmpty() && theirFault.isEmpty()) {
                compare(measures, theirs, words);
            }
            Verdict verdict = words.isEmpty()
                    ? Verdict.AGREES
                    : theirFault.isEmpty()
                            ? Verdict.DEVIATES
                            : ourFault.isEmpty() ? Verdict.ONLY_OURS : chunks == 0 ? Verdict.REFUSED : Verdict.DEVIATES;
            System.out.printf(
                    "%-60s %-8s %-8s %6d %9d %6d  %s%n",
                    name.length() <= 60 ? name : "…" + name.substring(name.length() - 59),
                    unpacked.layers(),
                    String.join(",", versions),
                    chunks,
                    ours.values().stream().mapToLong(tally -> tally.events).sum(),
                    ours.size(),
                    verdict);
            return verdict;
        } catch (UnreadableRecordingException e) {
            words.add("cannot be unpacked: " + e.getMessage());
            System.out.printf("%-60s %s%n", name, e.getMessage());
            return Verdict.DEVIATES;
        } finally {
            Files.delete(plain);
        }
    }

    private static void copy(SeekableBytes bytes, long from, long end, Path to) throws IOException {
        byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(to)) {
            long at = from;
            for (int n; (n = bytes.read(at, piece, 0, (int) Math.min(piece.length, end - at))) > 0; at += n) {
                out.write(piece, 0, n);
            }
        }
    }

    /** A chunk by itself: over several the JDK's reader keeps the first one's clock, and from there its times go astray. */
    private static String theirs(SeekableBytes bytes, ChunkHeader header, Map<String, Tally> tallies)
            throws IOException {
        Path chunk = Files.createTempFile("davylamp-judge", ".jfr");
        try {
            copy(bytes, header.offset(), header.offset() + header.sizeBytes(), chunk);
            tally(chunk, tallies);
            return "";
        } catch (IOException | RuntimeException | Error e) {
            return "chunk at " + header.offset() + ": " + e + " ";
        } finally {
            Files.delete(chunk);
        }
    }

    private static void tally(Chunk chunk, Map<String, Tally> tallies) throws IOException {
        Set<Long> stacks = new HashSet<>();
        ConstantPools pools = chunk.readPools((id, depth, keys, frames, truncated) -> {
            if (depth > 0) {
                stacks.add(id);
            }
        });
        EventCursor cursor = chunk.events(pools);
        List<Tally> byTag = new ArrayList<>();
        for (EventType type : chunk.metadata().types()) {
            if (type.isEvent()) {
                cursor.want(type, byTag.size(), COUNTED);
                byTag.add(tallies.computeIfAbsent(type.name(), k -> new Tally()));
            }
        }
        while (cursor.next()) {
            Tally tally = byTag.get(cursor.tag());
            tally.events++;
            long startNanos = chunk.header().nanosAt(cursor.value(START_TIME));
            tally.startNanos += startNanos;
            tally.durationNanos +=
                    chunk.header().nanosAt(cursor.value(START_TIME) + cursor.value(DURATION)) - startNanos;
            tally.stacks += stacks.contains(cursor.value(STACK)) ? 1 : 0;
        }
        tallies.values().removeIf(tally -> tally.events == 0);
    }

    private static void tally(Path recording, Map<String, Tally> tallies) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                Tally tally = tallies.computeIfAbsent(
                        event.getEventType().getName().replaceFirst("^com\\.oracle\\.jdk\\.", "jdk."),
                        k -> new Tally());
                tally.events++;
                tally.startNanos += event.getStartTime().getEpochSecond() * 1_000_000_000
                        + event.getStartTime().getNano();
                tally.durationNanos += event.getDuration().toNanos();
                tally.stacks += event.getStackTrace() == null
                                || event.getStackTrace().getFrames().isEmpty()
                        ? 0
                        : 1;
            }
        }
    }

    /** Every event with a stack trace is a sample of one measure: of its type, or of a group of types. */
    private static void compare(Map<String, MeasureSummary> measures, Map<String, Tally> types, List<String> words) {
        Map<String, Long> ours = new TreeMap<>();
        measures.forEach((name, summary) -> {
            if (types.containsKey(name)) {
                ours.merge(name, summary.events(), Long::sum);
            } else if (!AGAIN.contains(name) && !name.endsWith(".time") && !name.endsWith(".bytes")) {
                ours.merge(groupOf(name), summary.events(), Long::sum);
            }
        });
        Map<String, Long> theirs = new TreeMap<>();
        types.forEach((type, tally) -> {
            String group = SHARED.entrySet().stream()
                    .filter(each -> each.getValue().contains(type))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(EXECUTIONS.contains(type) ? EXECUTION : type);
            if (tally.stacks > 0) {
                theirs.merge(measures.containsKey(type) ? type : group, tally.stacks, Long::sum);
            }
        });
        Set<String> all = new TreeSet<>(ours.keySet());
        all.addAll(theirs.keySet());
        for (String each : all) {
            long our = ours.getOrDefault(each, 0L);
            long their = theirs.getOrDefault(each, 0L);
            if (our != their) {
                words.add("measure " + each + ": " + our + " events, of the JDK's reader " + their);
            }
        }
    }

    private static String groupOf(String measure) {
        return SHARED.keySet().stream()
                .filter(group -> Arrays.asList(group.split(" ")).contains(measure))
                .findFirst()
                .orElse(EXECUTION);
    }
}
