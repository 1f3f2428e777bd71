package io.davylamp.agent.keep;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Recordings that wait to be acknowledged. A file is {@code <assignment>.part} while the profiler writes it and {@code
 * <assignment>.jfr} when it is whole. It stays until the server has it, over reconnects and over restarts: the next JVM of the
 * service {@linkplain #adopt takes over} what a dead one left. Bounded in bytes and age. Not thread-safe: the agent's one thread
 * uses it.
 */
public final class Outbox {
    static final String WHOLE = ".jfr";
    private static final String PART = ".part";
    /** The folder in which the JDK's Flight Recorder keeps the pieces of a recording. */
    public static final String REPOSITORY = "repository";

    /** A JVM of the same name that comes back within this time finds what the last one had taken. */
    private static final long REMEMBERED_MILLIS = 24 * 3_600_000L;

    private final Folder own;
    private final long maxBytes;
    private final long maxAgeMillis;
    private final List<Folder> orphans = new ArrayList<>();

    /** A recording that waits. */
    public static final class Waiting {
        /** The instance that made the recording; another one than this JVM's when its JVM died. */
        public final String instance;

        public final String assignment;
        public final File file;

        private Waiting(String instance, File file) {
            this.instance = instance;
            this.assignment = file.getName().substring(0, file.getName().length() - WHOLE.length());
            this.file = file;
        }
    }

    /** A recording that was given up. */
    public static final class Dropped {
        public final String instance;
        public final String assignment;
        public final String reason;

        private Dropped(Waiting waiting, String reason) {
            this.instance = waiting.instance;
            this.assignment = waiting.assignment;
            this.reason = reason;
        }
    }

    public Outbox(Folder own, long maxBytes, long maxAgeMillis) {
        this.own = own;
        this.maxBytes = maxBytes;
        this.maxAgeMillis = maxAgeMillis;
        removeUnfinished(own);
    }

    /** Delivers from now on what is in the folder of a JVM that lives no more. */
    public void adopt(Folder orphan) {
        removeUnfinished(orphan);
        Folder.deleteTree(orphan.file(REPOSITORY));
        orphans.add(orphan);
    }

    private static void removeUnfinished(Folder folder) {
        folder.files(PART).forEach(Folder::delete);
    }

    /** Returns the file to which the profiler writes the recording of an assignment. */
    public File part(String assignment) {
        return own.file(requireName(assignment) + PART);
    }

    /** The recording is whole: from now on it is kept until {@link #remove}. */
    public File finish(String assignment) throws IOException {
        File part = part(assignment);
        try (RandomAccessFile written = new RandomAccessFile(part, "rw")) {
            written.getFD().sync();
        }
        File whole = own.file(requireName(assignment) + WHOLE);
        if (!part.renameTo(whole)) {
            throw new IOException("cannot rename " + part + " to " + whole);
        }
        return whole;
    }

    /** The profiler's recording is not wanted. */
    public void abandon(String assignment) {
        Folder.delete(part(assignment));
    }

    /** The recordings that wait, the oldest of each JVM first. */
    public List<Waiting> waiting() {
        List<Waiting> waiting = new ArrayList<>();
        own.files(WHOLE).forEach(file -> waiting.add(new Waiting(own.instance(), file)));
        for (Folder orphan : orphans) {
            orphan.files(WHOLE).forEach(file -> waiting.add(new Waiting(orphan.instance(), file)));
        }
        return waiting;
    }

    /** Gives up what is too old, and then the oldest while all take too much disk; one that is alone may be larger. */
    public List<Dropped> trim(long nowMillis) {
        List<Waiting> waiting = waiting();
        waiting.sort((a, b) -> Long.compare(a.file.lastModified(), b.file.lastModified()));
        List<Dropped> dropped = new ArrayList<>();
        long bytes = 0;
        for (Waiting each : waiting) {
            bytes += each.file.length();
        }
        for (int i = 0; i < waiting.size(); i++) {
            Waiting oldest = waiting.get(i);
            long ageMillis = nowMillis - oldest.file.lastModified();
            String reason = ageMillis > maxAgeMillis
                    ? "the agent could not deliver its recording for " + ageMillis / 60_000
                            + " minutes and has given it up (outboxAge)"
                    : bytes > maxBytes && i < waiting.size() - 1
                            ? "the agent could not deliver its recordings, which take " + bytes
                                    + " bytes of disk by now, and has given up this oldest one (outboxSize)"
                            : "";
            if (!reason.isEmpty()) {
                bytes -= oldest.file.length();
                remove(oldest);
                dropped.add(new Dropped(oldest, reason));
            }
        }
        return dropped;
    }

    /** The server has it, or will never take it. */
    public void remove(Waiting delivered) {
        Folder.delete(delivered.file);
    }

    /** Releases adopted folders that are empty; removes those that no JVM will use again. */
    public void release(long nowMillis) {
        for (Folder orphan : new ArrayList<>(orphans)) {
            if (orphan.files(WHOLE).isEmpty()) {
                orphans.remove(orphan);
                try {
                    if (orphan.file(Journal.TAKEN).lastModified() < nowMillis - REMEMBERED_MILLIS) {
                        orphan.remove();
                    } else {
                        orphan.close();
                    }
                } catch (IOException e) {
                    // It stays, and the next JVM looks at it.
                }
            }
        }
    }

    /** Bytes that can still be written. */
    public long freeBytes() {
        return own.file("").getUsableSpace();
    }

    /** Names come from the server; none may lead out of the folder. */
    public static String requireName(String assignment) {
        if (!assignment.matches("[A-Za-z0-9._=-]{1,200}") || assignment.startsWith(".")) {
            throw new IllegalArgumentException("assignment id \"" + assignment + "\"");
        }
        return assignment;
    }

    public void close() throws IOException {
        for (Folder orphan : orphans) {
            orphan.close();
        }
        own.close();
    }
}
