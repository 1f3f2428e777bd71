package io.davylamp.agent;

import java.io.File;
import java.io.IOException;

/** One run of async-profiler for an assignment. Not thread-safe: the agent's one thread uses it. */
final class ProfilerSession {
    private static final int SAFETY_SECONDS = 30;

    private final NativeLibrary library;
    private final Outbox outbox;
    private final String assignment;

    private ProfilerSession(NativeLibrary library, Outbox outbox, String assignment) {
        this.library = library;
        this.outbox = outbox;
        this.assignment = assignment;
    }

    /**
     * Starts the profiler.
     *
     * @param options from the server, without action, output and file
     * @param seconds when the profiler stops by itself if we do not: a little later
     * @throws Exception with the profiler's own text if it does not start
     */
    static ProfilerSession start(NativeLibrary library, Outbox outbox, String assignment, String options, int seconds)
            throws Exception {
        File part = outbox.part(assignment);
        String path = part.getAbsolutePath();
        if (path.indexOf(',') >= 0) {
            throw new IOException("the agent's folder must not have a comma in its path: " + path);
        }
        library.profiler().execute("start,jfr," + options + ",timeout=" + (seconds + SAFETY_SECONDS) + ",file=" + path);
        return new ProfilerSession(library, outbox, assignment);
    }

    String assignment() {
        return assignment;
    }

    /** Stops the profiler and keeps what it recorded. */
    File finish() throws IOException {
        library.profiler().execute("stop");
        return outbox.finish(assignment);
    }

    /** Stops the profiler and throws away what it recorded. */
    void abandon() throws IOException {
        try {
            library.profiler().execute("stop");
        } finally {
            outbox.remove(assignment);
        }
    }
}
