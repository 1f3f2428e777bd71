package io.davylamp.agent.keep;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.Unable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What must be known after the JVM is gone: which assignments it has taken, which one it was working on when it died, and how
 * many JVMs of the service died so on this host. Written before the profiler starts. Not thread-safe: the agent's one thread uses
 * it.
 */
public final class Journal {
    /** Number of JVMs that may die while they are profiled, before people must decide. */
    static final int DEATHS = 2;

    private static final int REMEMBERED = 1_000;
    static final String TAKEN = "taken";
    private static final String RUNNING = ".run";

    private final Folder folder;
    private final File deaths;
    private final Set<String> taken = new LinkedHashSet<>();

    /** An assignment that a JVM was working on when it died. */
    public static final class Death {
        public final String instance;
        public final String assignment;
        public final String reason;

        private Death(String instance, String assignment, String reason) {
            this.instance = instance;
            this.assignment = assignment;
            this.reason = reason;
        }
    }

    public Journal(AgentConfig config, Folder folder) throws IOException {
        this.folder = folder;
        this.deaths = new File(config.folder, "deaths-" + Folder.safe(config.service));
        File file = folder.file(TAKEN);
        if (file.exists()) {
            taken.addAll(Files.readAllLines(file.toPath(), StandardCharsets.UTF_8));
        }
    }

    /** @return false when it was taken before, by this JVM or an earlier one of its name */
    public boolean take(String assignment) throws IOException {
        if (!taken.add(assignment)) {
            return false;
        }
        if (taken.size() > 2 * REMEMBERED) {
            List<String> all = new ArrayList<>(taken);
            taken.clear();
            taken.addAll(all.subList(all.size() - REMEMBERED, all.size()));
            Folder.write(folder.file(TAKEN), String.join("\n", taken) + "\n");
        } else {
            try (FileOutputStream out = new FileOutputStream(folder.file(TAKEN), true)) {
                out.write((assignment + "\n").getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
        }
        return true;
    }

    /** The profiler is about to start. */
    public void begin(String assignment, String options) throws IOException {
        Folder.write(folder.file(Outbox.requireName(assignment) + RUNNING), Instant.now() + "\n" + options + "\n");
    }

    /** The profiler has ended, well or not. */
    public void end(String assignment) {
        Folder.delete(folder.file(Outbox.requireName(assignment) + RUNNING));
    }

    /** Finds in a folder whose JVM is gone what it was working on, and counts it. */
    public List<Death> bury(Folder of) throws IOException {
        List<Death> found = new ArrayList<>();
        for (File marker : of.files(RUNNING)) {
            List<String> lines = Files.readAllLines(marker.toPath(), StandardCharsets.UTF_8);
            String assignment = marker.getName().substring(0, marker.getName().length() - RUNNING.length());
            if (of.file(assignment + Outbox.WHOLE).exists()) {
                // It died after that, and its recording is whole.
                Folder.delete(marker);
                continue;
            }
            String since = lines.isEmpty() ? "unknown" : lines.get(0);
            try (FileOutputStream out = new FileOutputStream(deaths, true)) {
                out.write((of.instance() + " " + assignment + " " + since + "\n").getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            Folder.delete(marker);
            found.add(new Death(
                    of.instance(),
                    assignment,
                    "the JVM died while it was profiled: it crashed, was killed, or its machine went down. The profiler had been"
                            + " started at " + since + " with " + (lines.size() < 2 ? "?" : lines.get(1))
                            + ". The task is not repeated by itself."));
        }
        return found;
    }

    /** Returns why profiling is refused after deaths; empty when it is not. */
    public Unable refusal() {
        List<String> lines = deaths();
        return lines.size() < DEATHS
                ? Unable.NO
                : Unable.because(
                        Unable.DEATHS,
                        lines.size() + " JVMs of this service died on this host while they were profiled (the last: "
                                + lines.get(lines.size() - 1)
                                + "). Look into it, then say `davy trust SERVICE INSTANCE`, or remove the file "
                                + deaths);
    }

    private List<String> deaths() {
        try {
            return deaths.exists()
                    ? Files.readAllLines(deaths.toPath(), StandardCharsets.UTF_8)
                    : Collections.emptyList();
        } catch (IOException e) {
            return Collections.nCopies(DEATHS, "unknown, " + e);
        }
    }

    /** Somebody looked into it. */
    public void trust() {
        Folder.delete(deaths);
    }
}
