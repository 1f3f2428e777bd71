package io.davylamp.agent.run;

import io.davylamp.agent.host.AllowedOptions;
import io.davylamp.agent.host.JdkAccess;
import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import java.io.File;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JDK's own Flight Recorder: it needs no library, so it records where async-profiler cannot be loaded, and it records less.
 * docs/adr/0032 tells what it can do and what it costs.
 */
final class FlightRecorderEngine implements Engine {
    static final String NAME = "jfr";
    /** On a disk without room the recorder ends the whole JVM (HotSpot, {@code JfrJavaSupport::abort}): it stays far from that. */
    private static final long MIN_FREE_BYTES = 512L << 20;

    /** The recorder stops by itself so much later than we should have stopped it. */
    private static final int SAFETY_SECONDS = 30;
    /** Each thread that is sampled takes memory for so many frames, a few bytes each. */
    private static final int STACK_DEPTH = 512;

    private static final int CPU_TIME = 25;
    private static final int ALLOCATION_SAMPLES = 16;
    private static final String CPU_TIME_SAMPLE = "jdk.CPUTimeSample";

    private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(ns|us|ms|s)?");
    private static final long DEFAULT_INTERVAL_NANOS = 10_000_000;
    /** Parks are recorded too: with each shorter one the threads of a pool would fill the file. */
    private static final long DEFAULT_LOCK_NANOS = 1_000_000;

    private final JdkAccess jdk;
    private final File repository;
    private final String why;
    private final int java;
    private final boolean linux;
    private final PreFlight preFlight;

    FlightRecorderEngine(JdkAccess jdk, File repository, String why) {
        this.jdk = jdk;
        this.repository = repository;
        this.why = why;
        this.java = feature(System.getProperty("java.specification.version", ""));
        this.linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        this.preFlight = PreFlight.ofFlightRecorder(why, takesCpuTime(java, linux));
        FlightRecorder.clean(repository);
    }

    static int feature(String version) {
        String number = version.startsWith("1.") ? version.substring(2) : version;
        return number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
    }

    private static boolean takesCpuTime(int java, boolean linux) {
        return linux && java >= CPU_TIME;
    }

    @Override
    public Unable unable() {
        return Unable.NO;
    }

    @Override
    public PreFlight preFlight() {
        return preFlight;
    }

    @Override
    public String why() {
        return why;
    }

    @Override
    public long minFreeBytes() {
        return MIN_FREE_BYTES;
    }

    @Override
    public Session start(
            Outbox outbox,
            Journal journal,
            String assignment,
            String options,
            long seconds,
            BiConsumer<String, String> impossible)
            throws Exception {
        FlightRecorder.configure(jdk, repository, STACK_DEPTH);
        Set<String> types = FlightRecorder.eventTypes();
        Wanted wanted = Wanted.of(options, java, linux && types.contains(CPU_TIME_SAMPLE), preFlight.lacks());
        wanted.dropped.forEach(impossible);
        int others = FlightRecorder.recordings();
        if (others > 0) {
            wanted.note(others + (others == 1 ? " other recording" : " other recordings") + " of the Flight Recorder"
                    + (others == 1 ? " runs" : " run") + " in this JVM; this one has their events too");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        // Without a word they are as their authors chose, which may be on.
        types.forEach(type -> settings.put(type + "#enabled", "false"));
        settings.putAll(wanted.settings);
        File part = outbox.part(assignment);
        journal.begin(assignment, NAME + ": " + options);
        FlightRecorder.Recording recording = null;
        try {
            recording = new FlightRecorder.Recording("davylamp", settings, part, seconds + SAFETY_SECONDS);
            recording.start();
        } catch (Throwable e) {
            if (recording != null) {
                recording.close();
            }
            journal.end(assignment);
            outbox.abandon(assignment);
            throw e;
        }
        return new Running(recording, outbox, journal, assignment, wanted.note.toString());
    }

    /** What a task's options mean for the recorder. */
    static final class Wanted {
        final Map<String, String> settings = new LinkedHashMap<>();
        /** Events that are left out, and why. */
        final Map<String, String> dropped = new LinkedHashMap<>();

        final StringBuilder note = new StringBuilder();

        private Wanted() {}

        /**
         * @param lacks events that the recorder does not know, and why
         * @throws IllegalStateException if it can record none of the events
         */
        static Wanted of(String options, int java, boolean cpuTime, Map<String, String> lacks) {
            Map<String, String> values = new LinkedHashMap<>();
            Set<String> events = new LinkedHashSet<>();
            for (String option : options.split(",")) {
                int equals = option.indexOf('=');
                String word = equals < 0 ? option : option.substring(0, equals);
                String value = equals < 0 ? "" : option.substring(equals + 1);
                if (word.equals("event")) {
                    events.add(value);
                } else {
                    values.put(word, value);
                    if (AllowedOptions.EVENTS.contains(word)) {
                        events.add(word);
                    }
                }
            }
            Wanted wanted = new Wanted();
            for (String event : events) {
                String why = lacks.get(event);
                if (why != null) {
                    wanted.dropped.put(event, why);
                    wanted.note(event + " is not recorded: " + why);
                }
            }
            if (wanted.dropped.size() == events.size()) {
                throw new IllegalStateException(wanted.note.toString());
            }
            wanted.about();
            if (events.contains("cpu")) {
                wanted.cpu(nanos(values.get("interval"), DEFAULT_INTERVAL_NANOS), cpuTime);
            }
            if (events.contains("alloc")) {
                wanted.alloc(values.get("alloc"), java);
            }
            if (events.contains("lock")) {
                wanted.lock(nanos(values.get("lock"), DEFAULT_LOCK_NANOS));
            }
            return wanted;
        }

        void note(String more) {
            note.append(note.length() == 0 ? "" : "; ").append(more);
        }

        private void enable(String event, String... more) {
            settings.put(event + "#enabled", "true");
            for (int i = 0; i < more.length; i += 2) {
                settings.put(event + "#" + more[i], more[i + 1]);
            }
        }

        /** What a profile tells of the whole JVM; no command line, properties or environment: they hold secrets. */
        private void about() {
            enable("jdk.ActiveSetting");
            enable("jdk.DataLoss");
            enable("jdk.CPULoad", "period", "1 s");
            enable("jdk.GCHeapSummary");
            enable("jdk.GCPhasePause", "threshold", "0 ms");
            enable("jdk.OSInformation", "period", "everyChunk");
            enable("jdk.CPUInformation", "period", "everyChunk");
        }

        private void cpu(long intervalNanos, boolean cpuTime) {
            if (cpuTime) {
                enable(CPU_TIME_SAMPLE, "throttle", intervalNanos + " ns", "stackTrace", "true");
                enable("jdk.CPUTimeSamplesLost");
                return;
            }
            enable(
                    "jdk.ExecutionSample",
                    "period",
                    Math.max(1, Math.round(intervalNanos / 1e6)) + " ms",
                    "stackTrace",
                    "true");
            note("the Flight Recorder samples at most five threads in Java code at a time, so cpu is less than the time"
                    + " used when more are busy");
        }

        private void alloc(String size, int java) {
            if (size != null && !size.isEmpty()) {
                note("the Flight Recorder does not take samples by size: alloc=" + size + " is as alloc");
            }
            if (java >= ALLOCATION_SAMPLES) {
                enable("jdk.ObjectAllocationSample", "throttle", "300/s", "stackTrace", "true");
            } else {
                enable("jdk.ObjectAllocationInNewTLAB", "stackTrace", "true");
                enable("jdk.ObjectAllocationOutsideTLAB", "stackTrace", "true");
            }
        }

        private void lock(long nanos) {
            enable("jdk.JavaMonitorEnter", "threshold", nanos + " ns", "stackTrace", "true");
            enable("jdk.ThreadPark", "threshold", nanos + " ns", "stackTrace", "true");
        }

        /** A time as async-profiler takes it: a number alone is of nanoseconds, 0 and nothing are the default. */
        private static long nanos(String text, long otherwise) {
            Matcher time = TIME.matcher(text == null ? "" : text);
            if (!time.matches()) {
                return otherwise;
            }
            String unit = time.group(2) == null ? "ns" : time.group(2);
            long each =
                    unit.equals("s") ? 1_000_000_000 : unit.equals("ms") ? 1_000_000 : unit.equals("us") ? 1_000 : 1;
            long amount = Long.parseLong(time.group(1));
            // No period is longer than an hour.
            return amount == 0 ? otherwise : Math.min(amount, 3_600_000_000_000L / each) * each;
        }
    }

    /** The events that it records. */
    static Set<String> events() {
        Set<String> events = new LinkedHashSet<>();
        Collections.addAll(events, "cpu", "alloc", "lock");
        return events;
    }

    private static final class Running implements Session {
        private final FlightRecorder.Recording recording;
        private final Outbox outbox;
        private final Journal journal;
        private final String assignment;
        private final String note;

        Running(FlightRecorder.Recording recording, Outbox outbox, Journal journal, String assignment, String note) {
            this.recording = recording;
            this.outbox = outbox;
            this.journal = journal;
            this.assignment = assignment;
            this.note = note;
        }

        @Override
        public String assignment() {
            return assignment;
        }

        @Override
        public String engine() {
            return NAME;
        }

        @Override
        public String note() {
            return note;
        }

        @Override
        public long recordedBytes() {
            return recording.sizeBytes();
        }

        @Override
        public File finish() throws IOException {
            try {
                recording.stop();
                if (outbox.part(assignment).length() == 0) {
                    throw new IOException("the Flight Recorder has written nothing");
                }
                return outbox.finish(assignment);
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            } finally {
                recording.close();
                journal.end(assignment);
            }
        }

        @Override
        public String warnings() {
            return "";
        }

        @Override
        public void abandon() throws IOException {
            try {
                recording.discard();
            } catch (Exception e) {
                throw new IOException(e);
            } finally {
                recording.close();
                outbox.abandon(assignment);
                journal.end(assignment);
            }
        }
    }
}
