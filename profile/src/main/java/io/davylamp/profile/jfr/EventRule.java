package io.davylamp.profile.jfr;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Unit;
import java.util.Map;
import java.util.Set;

/**
 * How events of one type become samples.
 *
 * @param measure the measure they belong to; for execution samples the active settings may name another one
 * @param value where the value comes from
 * @param valueField the field that holds it; null for {@link Value#ONE} and {@link Value#DURATION}
 * @param classField the field whose class becomes the innermost frame, or null
 */
record EventRule(Measure measure, Value value, String valueField, String classField) {

    enum Value {
        /** Each event counts 1. */
        ONE,
        /** The event's duration, in nanoseconds. */
        DURATION,
        /** The value of a field. */
        FIELD
    }

    static final String EXECUTION_SAMPLE = "jdk.ExecutionSample";

    private static final Map<String, EventRule> KNOWN = Map.ofEntries(
            Map.entry(EXECUTION_SAMPLE, new EventRule(Measure.CPU, Value.ONE, null, null)),
            Map.entry("jdk.CPUTimeSample", new EventRule(Measure.CPU, Value.ONE, null, null)),
            Map.entry("profiler.WallClockSample", new EventRule(Measure.WALL, Value.FIELD, "samples", null)),
            Map.entry("jdk.NativeMethodSample", new EventRule(Measure.NATIVE, Value.ONE, null, null)),
            Map.entry(
                    "jdk.ObjectAllocationInNewTLAB",
                    new EventRule(Measure.ALLOC, Value.FIELD, "tlabSize", "objectClass")),
            Map.entry(
                    "jdk.ObjectAllocationOutsideTLAB",
                    new EventRule(Measure.ALLOC, Value.FIELD, "allocationSize", "objectClass")),
            Map.entry("jdk.ObjectAllocationSample", new EventRule(Measure.ALLOC, Value.FIELD, "weight", "objectClass")),
            Map.entry("profiler.LiveObject", new EventRule(Measure.LIVE, Value.FIELD, "allocationSize", "objectClass")),
            Map.entry("jdk.JavaMonitorEnter", new EventRule(Measure.LOCK, Value.DURATION, null, "monitorClass")),
            Map.entry("jdk.ThreadPark", new EventRule(Measure.LOCK, Value.DURATION, null, "parkedClass")),
            Map.entry("jdk.JavaMonitorWait", new EventRule(Measure.WAIT, Value.DURATION, null, "monitorClass")),
            Map.entry("jdk.ThreadSleep", new EventRule(Measure.WAIT, Value.DURATION, null, null)),
            Map.entry("profiler.Malloc", new EventRule(Measure.NATIVE_MEMORY, Value.FIELD, "size", null)),
            Map.entry("profiler.NativeLock", new EventRule(Measure.NATIVE_LOCK, Value.DURATION, null, null)),
            Map.entry("jdk.MethodTrace", new EventRule(Measure.METHOD, Value.DURATION, null, null)));

    /** Reads and writes: what they cost is their time. */
    private static final Set<String> IO =
            Set.of("jdk.FileRead", "jdk.FileWrite", "jdk.FileForce", "jdk.SocketRead", "jdk.SocketWrite");

    /** The rule of an event type; events of types that nobody knows are counted, under the type's own name. */
    static EventRule of(String eventType) {
        EventRule known = KNOWN.get(eventType);
        if (known != null) {
            return known;
        }
        return IO.contains(eventType)
                ? new EventRule(new Measure(eventType, Unit.NANOSECONDS), Value.DURATION, null, null)
                : new EventRule(new Measure(eventType, Unit.EVENTS), Value.ONE, null, null);
    }
}
