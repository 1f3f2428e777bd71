package io.davylamp.profile.jfr;

import io.davylamp.jfr.EventType;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Unit;
import java.util.Map;
import java.util.Set;

/**
 * The rule by which events of one type become samples.
 *
 * @param measure the measure they belong to; for execution samples the active settings may name another one
 * @param value where the value comes from
 * @param valueField the field that holds it; empty for {@link Value#ONE} and {@link Value#DURATION}
 * @param otherField the field that holds it when {@code valueField} is 0, or the weight of {@link Value#WEIGHTED}; or empty
 * @param classField the field whose class becomes the innermost frame; or empty
 * @param second a second measure of the same events, or null; events whose second value is 0 are not in it, nor those that have
 *     a value in {@code valueField} when there is an {@code otherField}
 * @param secondField the field that holds its value; empty for the duration; {@link #SAME} for the first measure's value
 */
record EventRule(
        Measure measure,
        Value value,
        String valueField,
        String otherField,
        String classField,
        Measure second,
        String secondField) {

    enum Value {
        /** Each event counts 1. */
        ONE,
        /** The event's duration, in nanoseconds. */
        DURATION,
        /** The length of time in a field, in ticks. */
        TICKS,
        /** The value of a field. */
        FIELD,
        /** The value of {@code valueField} times the weight in {@code otherField}: of how many such events it stands for all. */
        WEIGHTED
    }

    static final String EXECUTION_SAMPLE = "jdk.ExecutionSample";
    static final String CPU_TIME_SAMPLE = "jdk.CPUTimeSample";
    static final String NATIVE_SAMPLE = "jdk.NativeMethodSample";
    static final String WALL_SAMPLE = "profiler.WallClockSample";
    static final String ALLOCATION_SAMPLE = "jdk.ObjectAllocationSample";
    static final String THREAD_PARK = "jdk.ThreadPark";
    static final String MALLOC = "profiler.Malloc";
    static final String LIVE_OBJECT = "profiler.LiveObject";

    static final String SAME = "=";

    /** Refers to the object, not to its class. */
    static final String OLD_OBJECT = "object";

    private static final Map<String, EventRule> KNOWN = Map.ofEntries(
            Map.entry(EXECUTION_SAMPLE, count(Measure.CPU)),
            Map.entry(CPU_TIME_SAMPLE, new EventRule(Measure.CPU, Value.TICKS, "samplingPeriod", "", "", null, "")),
            Map.entry(WALL_SAMPLE, field(Measure.WALL, "samples", "", "")),
            Map.entry(NATIVE_SAMPLE, count(Measure.NATIVE)),
            Map.entry("jdk.ObjectAllocationInNewTLAB", allocation("tlabSize", "allocationSize")),
            Map.entry("jdk.ObjectAllocationOutsideTLAB", allocation("allocationSize", "")),
            Map.entry(ALLOCATION_SAMPLE, field(Measure.ALLOC, "weight", "", "objectClass")),
            Map.entry(LIVE_OBJECT, field(Measure.LIVE, "allocationSize", "", "objectClass")),
            Map.entry("jdk.OldObjectSample", field(Measure.LIVE, "objectSize", "", OLD_OBJECT)),
            Map.entry("jdk.JavaMonitorEnter", duration(Measure.LOCK, "monitorClass")),
            Map.entry(THREAD_PARK, duration(Measure.LOCK, "parkedClass")),
            Map.entry("jdk.JavaMonitorWait", duration(Measure.WAIT, "monitorClass")),
            Map.entry("jdk.ThreadSleep", duration(Measure.WAIT, "")),
            Map.entry(MALLOC, field(Measure.NATIVE_MEMORY, "size", "", "")),
            Map.entry("profiler.NativeLock", duration(Measure.NATIVE_LOCK, "")),
            Map.entry("jdk.MethodTrace", duration(Measure.METHOD, "")),
            Map.entry("jdk.FileRead", transfer("jdk.FileRead", "bytesRead")),
            Map.entry("jdk.FileWrite", transfer("jdk.FileWrite", "bytesWritten")),
            Map.entry("jdk.FileForce", duration(new Measure("jdk.FileForce", Unit.NANOSECONDS), "")),
            Map.entry("jdk.SocketRead", transfer("jdk.SocketRead", "bytesRead")),
            Map.entry("jdk.SocketWrite", transfer("jdk.SocketWrite", "bytesWritten")),
            // Datadog's profiler; source: its jfrMetadata.cpp and poissonSampler.h. By their own names, for beside them
            // such a recording may hold the JDK's events of the same cause.
            Map.entry(
                    "datadog.ExecutionSample",
                    field(new Measure("datadog.ExecutionSample", Unit.SAMPLES), "weight", "", "")),
            Map.entry(
                    "datadog.MethodSample", field(new Measure("datadog.MethodSample", Unit.SAMPLES), "weight", "", "")),
            Map.entry("datadog.ObjectSample", weighted("datadog.ObjectSample", "objectClass")),
            Map.entry("datadog.HeapLiveObject", weighted("datadog.HeapLiveObject", "objectClass")),
            Map.entry("datadog.NativeMemoryAllocation", weighted("datadog.NativeMemoryAllocation", "")));

    /** Measures that two kinds of events may record at the same time: such events are named when all of a file has been read. */
    private static final Set<Measure> RECORDED_TWICE = Set.of(
            Measure.CPU, Measure.WALL, Measure.NATIVE, Measure.ALLOC, Measure.LIVE, Measure.LOCK, Measure.METHOD);

    /** Whether the value is the number of samples that the event stands for. */
    boolean isNumberOfSamples() {
        return value == Value.FIELD && (measure.equals(Measure.WALL) || measure.unit() == Unit.SAMPLES);
    }

    boolean isNamedLater() {
        return RECORDED_TWICE.contains(measure);
    }

    /**
     * Whether a thread that is parked there waits for a lock, not for work. Source: async-profiler, lockTracer.cpp, {@code
     * isConcurrentLock}, which records no other parks; the JDK records all.
     */
    static boolean isLock(String parkedClass) {
        String name = parkedClass.replace('/', '.');
        return name.startsWith("java.util.concurrent.locks.Reentrant")
                || name.startsWith("java.util.concurrent.Semaphore");
    }

    private static EventRule count(Measure measure) {
        return new EventRule(measure, Value.ONE, "", "", "", null, "");
    }

    private static EventRule field(Measure measure, String field, String otherField, String classField) {
        return new EventRule(measure, Value.FIELD, field, otherField, classField, null, "");
    }

    /** Without a buffer's size the object went beside the buffers. */
    private static EventRule allocation(String field, String otherField) {
        return new EventRule(
                Measure.ALLOC, Value.FIELD, field, otherField, "objectClass", Measure.ALLOC_OUTSIDE_TLAB, SAME);
    }

    private static EventRule weighted(String name, String classField) {
        return new EventRule(new Measure(name, Unit.BYTES), Value.WEIGHTED, "size", "weight", classField, null, "");
    }

    private static EventRule duration(Measure measure, String classField) {
        return new EventRule(measure, Value.DURATION, "", "", classField, null, "");
    }

    /** Reads and writes: what they cost is their time; their bytes are a second measure. */
    private static EventRule transfer(String name, String bytesField) {
        return new EventRule(
                new Measure(name, Unit.NANOSECONDS),
                Value.DURATION,
                "",
                "",
                "",
                new Measure(name + ".bytes", Unit.BYTES),
                bytesField);
    }

    /** Whether it is a type with a measure of its own, not one that is only counted. */
    static boolean isKnown(String typeName) {
        return KNOWN.containsKey(typeName);
    }

    private boolean hasItsFields(EventType type) {
        return switch (value) {
            case ONE, DURATION -> true;
            case FIELD, TICKS -> type.field(valueField) != null;
            case WEIGHTED -> type.field(valueField) != null && type.field(otherField) != null;
        };
    }

    /** The rule of an event type; events of types that nobody knows are counted, and timed if they have a duration. */
    static EventRule of(EventType type) {
        EventRule known = KNOWN.get(type.name());
        // Before JDK 19 an old object's size is not recorded: such objects are counted.
        if (known != null && known.hasItsFields(type)) {
            return known;
        }
        Measure time = type.field("duration") == null ? null : new Measure(type.name() + ".time", Unit.NANOSECONDS);
        return new EventRule(new Measure(type.name(), Unit.EVENTS), Value.ONE, "", "", "", time, "");
    }
}
