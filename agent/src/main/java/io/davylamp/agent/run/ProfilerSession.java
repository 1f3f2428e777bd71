package io.davylamp.agent.run;

import io.davylamp.agent.host.AllowedOptions;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import one.profiler.AsyncProfiler;

/** One run of async-profiler for an assignment. Not thread-safe: the agent's one thread uses it. */
final class ProfilerSession implements Session {
    /** The profiler stops by itself so much later than we should have stopped it. */
    private static final int SAFETY_SECONDS = 30;
    /** Options for the host's protection, unless a task sets them. */
    private static final List<String> DEFAULTS = Collections.unmodifiableList(
            Arrays.asList("memlimit=512m", "jstackdepth=2048", "chunksize=64m", "chunktime=10m"));
    /** The engines for processor time, from the most exact one to the one that works everywhere. */
    private static final List<String> CPU = Collections.unmodifiableList(Arrays.asList("cpu", "ctimer", "itimer"));

    private static final int WARNINGS_BYTES = 2_000;
    private static final String ENGINE = "event=";
    private static final String ALLOC = "alloc";
    private static final String LIVE = "live";

    private final AsyncProfiler profiler;
    private final Outbox outbox;
    private final Journal journal;
    private final String assignment;
    private final String engine;
    private final String note;
    private final File warnings;

    private ProfilerSession(
            AsyncProfiler profiler,
            Outbox outbox,
            Journal journal,
            String assignment,
            String engine,
            String note,
            File warnings) {
        this.profiler = profiler;
        this.outbox = outbox;
        this.journal = journal;
        this.assignment = assignment;
        this.engine = engine;
        this.note = note;
        this.warnings = warnings;
    }

    /**
     * Starts the profiler; what it cannot take samples with is replaced, events that cannot be recorded are left out when others
     * can, and {@link #note} tells.
     *
     * @param options from the server, without action, output and file
     * @param impossible told of each event that was left out and the profiler's words
     * @throws Exception with the profiler's own text if nothing of it starts
     */
    static ProfilerSession start(
            AsyncProfiler profiler,
            Outbox outbox,
            Journal journal,
            String assignment,
            String options,
            long seconds,
            BiConsumer<String, String> impossible)
            throws Exception {
        List<String> words = withDefaults(options);
        Start start = new Start(profiler, outbox, journal, assignment, seconds);
        Set<String> events = events(words);
        Exception first;
        try {
            return start.with(words, "");
        } catch (IllegalStateException | IllegalArgumentException | IOException e) {
            if (events.size() < 2) {
                throw e;
            }
            first = e;
        }
        // The profiler does not say which one it was.
        Map<String, String> dropped = new LinkedHashMap<>();
        for (String event : events) {
            try {
                start.with(without(words, every -> every.equals(event)), "").abandon();
            } catch (IllegalStateException | IllegalArgumentException | IOException e) {
                dropped.put(event, String.valueOf(e.getMessage()));
            }
        }
        if (dropped.isEmpty() || dropped.size() == events.size()) {
            throw first;
        }
        StringBuilder note = new StringBuilder();
        dropped.forEach((event, why) -> note.append(note.length() == 0 ? "" : "; ")
                .append(event)
                .append(" is not recorded: ")
                .append(why));
        ProfilerSession session = start.with(without(words, event -> !dropped.containsKey(event)), note.toString());
        dropped.forEach(impossible);
        return session;
    }

    /** The event that an option asks for, or belongs to; empty when it holds for all. */
    private static String event(String option) {
        String word = option.substring(0, option.indexOf('=') < 0 ? option.length() : option.indexOf('='));
        return option.startsWith(ENGINE)
                ? option.substring(ENGINE.length())
                : word.equals(LIVE) ? ALLOC : AllowedOptions.EVENTS.contains(word) ? word : "";
    }

    static Set<String> events(List<String> words) {
        Set<String> events = new LinkedHashSet<>();
        words.forEach(word -> events.add(event(word)));
        events.remove("");
        return events;
    }

    /** The options for these events alone. */
    static List<String> without(List<String> words, Predicate<String> wanted) {
        List<String> left = new ArrayList<>();
        for (String word : words) {
            if (event(word).isEmpty() || wanted.test(event(word))) {
                left.add(word);
            }
        }
        return left;
    }

    /** The options that all attempts to start have in common. */
    private static final class Start {
        private final AsyncProfiler profiler;
        private final Outbox outbox;
        private final Journal journal;
        private final String assignment;
        private final long seconds;
        private final File part;
        private final File warnings;

        Start(AsyncProfiler profiler, Outbox outbox, Journal journal, String assignment, long seconds)
                throws IOException {
            this.profiler = profiler;
            this.outbox = outbox;
            this.journal = journal;
            this.assignment = assignment;
            this.seconds = seconds;
            this.part = outbox.part(assignment);
            this.warnings = new File(part.getParentFile(), "profiler.log");
            if (part.getPath().indexOf(',') >= 0) {
                throw new IOException("the agent's folder must not have a comma in its path: " + part.getParent());
            }
        }

        ProfilerSession with(List<String> options, String noted) throws Exception {
            Folder.delete(warnings);
            List<String> words = new ArrayList<>(options);
            int at = indexOfEngine(words);
            String asked = at < 0 ? "" : words.get(at).substring(ENGINE.length());
            List<String> engines = CPU.contains(asked)
                    ? CPU.subList(CPU.indexOf(asked), CPU.size())
                    : Collections.singletonList(asked);
            String note = "";
            Exception first = null;
            for (String engine : engines) {
                if (at >= 0) {
                    words.set(at, ENGINE + engine);
                }
                String command = "start,jfr," + String.join(",", words) + ",timeout=" + (seconds + SAFETY_SECONDS)
                        + ",loglevel=warn,log=" + warnings.getAbsolutePath() + ",file=" + part.getAbsolutePath();
                journal.begin(assignment, String.join(",", words));
                try {
                    profiler.execute(command);
                } catch (IllegalStateException | IllegalArgumentException | IOException e) {
                    journal.end(assignment);
                    outbox.abandon(assignment);
                    first = first == null ? e : first;
                    note = asked + " is not possible here: " + e.getMessage();
                    continue;
                }
                String really = reallyRuns(engine);
                if (note.isEmpty() && asked.equals("cpu") && !really.equals("perf_events")) {
                    note = "perf events are not available: " + really
                            + " is used, without the kernel's part of the stacks";
                }
                note = noted.isEmpty() || note.isEmpty() ? noted + note : noted + "; " + note;
                return new ProfilerSession(profiler, outbox, journal, assignment, really, note, warnings);
            }
            throw first;
        }
    }

    private static List<String> withDefaults(String options) {
        List<String> words = new ArrayList<>(Arrays.asList(options.split(",")));
        for (String each : DEFAULTS) {
            String name = each.substring(0, each.indexOf('=') + 1);
            if (words.stream().noneMatch(word -> word.startsWith(name))) {
                words.add(each);
            }
        }
        return words;
    }

    private static int indexOfEngine(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(ENGINE)) {
                return i;
            }
        }
        return -1;
    }

    /** The profiler replaces {@code cpu} by a timer without a word; perf events show among the open files. */
    private static String reallyRuns(String engine) {
        boolean perf = AllowedOptions.HARDWARE.contains(engine) || AllowedOptions.SOFTWARE.contains(engine);
        if (!engine.equals("cpu")) {
            return perf ? "perf_events" : engine;
        }
        File[] open = new File("/proc/self/fd").listFiles();
        if (open == null) {
            return "itimer";
        }
        for (int i = open.length - 1; i >= 0; i--) {
            try {
                if (Files.readSymbolicLink(open[i].toPath()).toString().contains("perf_event")) {
                    return "perf_events";
                }
            } catch (IOException e) {
                // It was closed meanwhile.
            }
        }
        return "ctimer";
    }

    @Override
    public String assignment() {
        return assignment;
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public String note() {
        return note;
    }

    @Override
    public long recordedBytes() {
        return outbox.part(assignment).length();
    }

    @Override
    public File finish() throws IOException {
        try {
            stop();
            return outbox.finish(assignment);
        } finally {
            journal.end(assignment);
        }
    }

    @Override
    public String warnings() {
        try {
            String text = warnings.exists()
                    ? new String(Files.readAllBytes(warnings.toPath()), StandardCharsets.UTF_8).trim()
                    : "";
            return text.length() > WARNINGS_BYTES ? text.substring(0, WARNINGS_BYTES) : text;
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void abandon() throws IOException {
        try {
            stop();
        } finally {
            outbox.abandon(assignment);
            journal.end(assignment);
        }
    }

    private void stop() throws IOException {
        try {
            profiler.execute("stop");
        } catch (IllegalStateException e) {
            // It stopped by itself, after its timeout: its file is whole.
            if (!String.valueOf(e.getMessage()).contains("not active")) {
                throw e;
            }
        }
    }
}
