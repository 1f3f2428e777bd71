package io.davylamp.profile.jfr;

import io.davylamp.jfr.ChunkHeader;
import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides what samples are when all chunks of a file have been read: which recording a chunk belongs to, which engine took its
 * execution samples and at which interval, and which of two sources of one measure is the measure.
 *
 * <p>async-profiler writes its settings into the first chunk of a recording alone. A chunk with settings therefore begins a
 * recording; one without goes on with the recording whose last chunk ends where it begins, to the microsecond (source:
 * async-profiler, flightRecorder.cpp, {@code switchChunk}). The JDK writes its settings into every chunk. Not thread-safe.
 */
final class Attribution {
    /** Two recordings of one JVM never follow each other so closely. */
    private static final long SAME_MOMENT_NANOS = 1_000_000;

    /** Source: async-profiler, arguments.h, {@code DEFAULT_INTERVAL}; docs/ProfilerOptions.md. */
    private static final long DEFAULT_INTERVAL_NANOS = 10_000_000;

    /** Source: async-profiler, wallClock.cpp, {@code WallClock::start}. */
    private static final long DEFAULT_WALL_INTERVAL_NANOS = 50_000_000;

    /** No sampler is slower; what claims to be is not believed, for it would be multiplied. */
    private static final long MAX_INTERVAL_NANOS = 3_600_000_000_000L;

    /** The events that ask async-profiler for an engine of processor time. */
    private static final Set<String> CPU_EVENTS = Set.of("cpu", "ctimer", "itimer", "cpu-clock");

    private static final int MAX_DIFFERENT_SETTINGS = 4;

    /** @param writerKnown false for a chunk so damaged that it does not tell who wrote it */
    private record Chunk(
            ChunkHeader header,
            boolean writerKnown,
            boolean asyncProfiler,
            boolean sleepers,
            SortedMap<String, String> settings,
            List<Found> found) {}

    /** The chunks of one run of async-profiler. */
    private static final class Recording {
        private final SortedMap<String, String> settings = new TreeMap<>();
        private boolean unstated;
        private boolean sleepers;

        /**
         * Whether samples with a state are the wall-clock engine's. Engines of processor time write no state; before version 3 they
         * wrote that all run, and were alone.
         */
        private boolean statedAreWall() {
            return settings.containsKey("wall") || "wall".equals(settings.get("event")) || unstated || sleepers;
        }

        private long intervalNanos() {
            long interval = number("interval");
            return interval == 0 ? DEFAULT_INTERVAL_NANOS : known(interval);
        }

        private long wallIntervalNanos() {
            long interval = settings.containsKey("wall")
                    ? number("wall")
                    : "wall".equals(settings.get("event")) ? number("interval") : Found.UNKNOWN;
            return interval == 0 ? DEFAULT_WALL_INTERVAL_NANOS : known(interval);
        }

        private static long known(long interval) {
            return interval > 0 && interval <= MAX_INTERVAL_NANOS ? interval : Found.UNKNOWN;
        }

        private long number(String setting) {
            try {
                return Long.parseLong(settings.getOrDefault(setting, "-1"));
            } catch (NumberFormatException e) {
                return Found.UNKNOWN;
            }
        }
    }

    /**
     * Returns the measure of a kind of samples.
     *
     * @param rank of two sources of one measure the lower one is better
     * @param unit of those that are not sampled
     */
    private record Named(Found found, String measure, int rank, boolean sampled, Unit unit, long intervalNanos) {}

    private final List<Chunk> chunks = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    void add(ChunkHeader header, ChunkImport chunk) {
        chunks.add(new Chunk(
                header,
                chunk.isWriterKnown(),
                chunk.asyncProfiler(),
                chunk.hasSleepers(),
                chunk.settings(),
                chunk.found()));
    }

    /** Gives all samples that were found to their measures. */
    void resolve(ProfileBuilder builder) {
        Map<Chunk, Recording> recordings = recordings();
        List<Named> all = new ArrayList<>();
        for (Chunk chunk : chunks) {
            for (Found found : chunk.found()) {
                all.add(named(found, recordings.get(chunk)));
            }
        }
        Map<String, List<Named>> byMeasure = new LinkedHashMap<>();
        for (Named named : onlyOneSource(all)) {
            byMeasure
                    .computeIfAbsent(named.measure(), name -> new ArrayList<>())
                    .add(named);
        }
        byMeasure.forEach((name, parts) -> adopt(builder, name, parts));
    }

    /** Each chunk of async-profiler with its recording. Chunks may stand in any order: files are put together by hand. */
    private Map<Chunk, Recording> recordings() {
        Map<Chunk, Recording> recordings = new IdentityHashMap<>();
        List<Chunk> inTime = new ArrayList<>(chunks);
        inTime.removeIf(chunk -> chunk.writerKnown() && !chunk.asyncProfiler());
        inTime.sort(Comparator.comparingLong(chunk -> chunk.header().startNanos()));
        TreeMap<Long, Recording> byEnd = new TreeMap<>();
        for (Chunk chunk : inTime) {
            long start = chunk.header().startNanos();
            Recording recording = chunk.settings().isEmpty() ? near(byEnd, start) : null;
            recording = recording == null ? new Recording() : recording;
            recording.settings.putAll(chunk.settings());
            recording.sleepers |= chunk.sleepers();
            recording.unstated |= chunk.found().stream()
                    .anyMatch(found -> found.kind() == Found.Kind.UNSTATED
                            && found.samples().size() > 0);
            byEnd.put(start + chunk.header().durationNanos(), recording);
            recordings.put(chunk, recording);
        }
        return recordings;
    }

    private static Recording near(TreeMap<Long, Recording> byEnd, long moment) {
        Map.Entry<Long, Recording> before = byEnd.floorEntry(moment);
        Map.Entry<Long, Recording> after = byEnd.ceilingEntry(moment);
        Recording nearest = null;
        long nearestNanos = SAME_MOMENT_NANOS;
        if (before != null && moment - before.getKey() <= nearestNanos) {
            nearestNanos = moment - before.getKey();
            nearest = before.getValue();
        }
        if (after != null && after.getKey() - moment < nearestNanos) {
            nearest = after.getValue();
        }
        return nearest;
    }

    private Named named(Found found, Recording recording) {
        return switch (found.kind()) {
            case STATED ->
                recording.statedAreWall()
                        ? sampled(found, Measure.WALL.name(), recording.wallIntervalNanos())
                        : ofEvent(found, recording);
            case UNSTATED -> ofEvent(found, recording);
            case WALL -> sampled(found, Measure.WALL.name(), recording.wallIntervalNanos());
            case PROFILER, JDK ->
                found.isSampled()
                        ? sampled(found, found.measure().name(), found.intervalNanos())
                        : new Named(
                                found,
                                found.measure().name(),
                                found.rank(),
                                false,
                                found.measure().unit(),
                                Found.OWN);
        };
    }

    private static Named sampled(Found found, String measure, long intervalNanos) {
        return new Named(found, measure, found.rank(), true, null, intervalNanos);
    }

    /** Execution samples of the event that the profiler was told to sample by. */
    private Named ofEvent(Found found, Recording recording) {
        String event = recording.settings.get("event");
        if (event == null || Measure.isKnown(event) && !CPU_EVENTS.contains(event)) {
            warnings.add(
                    "which event the samples of " + found.eventType() + " were taken by is not known: the chunk with"
                            + " the profiler's settings, the first of a recording, is missing or damaged; open the whole"
                            + " recording, or this chunk together with the first one");
            return sampled(found, found.eventType(), Found.UNKNOWN);
        }
        return CPU_EVENTS.contains(event)
                ? sampled(found, Measure.CPU.name(), recording.intervalNanos())
                : new Named(found, event, found.rank(), false, Unit.EVENTS, Found.OWN);
    }

    /** Keeps one source per measure: of two, the better one becomes the measure, the other a measure named like its event. */
    private List<Named> onlyOneSource(List<Named> all) {
        Map<String, Integer> best = new HashMap<>();
        for (Named named : all) {
            best.merge(named.measure(), named.rank(), Math::min);
        }
        List<Named> distinct = new ArrayList<>();
        for (Named named : all) {
            if (named.rank() == best.get(named.measure())) {
                distinct.add(named);
                continue;
            }
            String own = named.found().eventType();
            warnings.add(named.measure() + " was recorded by other events too: " + own
                    + " is a measure of its own, for both are of the same cause");
            distinct.add(
                    new Named(named.found(), own, named.rank(), named.sampled(), named.unit(), named.intervalNanos()));
        }
        return distinct;
    }

    private void adopt(ProfileBuilder builder, String name, List<Named> parts) {
        boolean sampled = parts.stream().anyMatch(Named::sampled);
        boolean timed = sampled && parts.stream().noneMatch(part -> part.intervalNanos() == Found.UNKNOWN);
        if (sampled && !timed) {
            boolean some = parts.stream().anyMatch(part -> part.intervalNanos() != Found.UNKNOWN);
            warnings.add("the interval at which samples of " + name + " were taken is not known"
                    + (some ? " of all parts of the file" : "") + ": they are counted, not timed");
        }
        for (Named part : parts) {
            Unit unit = sampled ? timed ? Unit.NANOSECONDS : Unit.SAMPLES : part.unit();
            if (timed && part.intervalNanos() > 0) {
                builder.scale(part.found().samples(), part.intervalNanos());
            } else if (sampled && !timed) {
                builder.scale(part.found().samples(), 1);
            }
            builder.adopt(new Measure(name, unit), part.found().samples());
            if (part.found().outsideTlab() != null && name.equals(Measure.ALLOC.name())) {
                builder.adopt(Measure.ALLOC_OUTSIDE_TLAB, part.found().outsideTlab());
            }
        }
    }

    /** The settings of all recordings in the file; where they differ, the different values. */
    SortedMap<String, String> settings() {
        SortedMap<String, Set<String>> values = new TreeMap<>();
        for (Chunk chunk : chunks) {
            chunk.settings().forEach((name, value) -> {
                Set<String> different = values.computeIfAbsent(name, key -> new LinkedHashSet<>());
                if (different.size() < MAX_DIFFERENT_SETTINGS) {
                    different.add(value);
                }
            });
        }
        SortedMap<String, String> settings = new TreeMap<>();
        values.forEach((name, different) -> settings.put(name, String.join(", ", different)));
        return settings;
    }

    /** Returns the warnings about these decisions. */
    List<String> warnings() {
        return Collections.unmodifiableList(new ArrayList<>(warnings));
    }
}
