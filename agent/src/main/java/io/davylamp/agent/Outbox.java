package io.davylamp.agent;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Recordings that wait to be acknowledged, as files in a folder of this instance. A file is {@code <assignment>.part} while the
 * profiler writes it and {@code <assignment>.jfr} when it is whole. It stays until the server has it, over reconnects and over
 * restarts of a JVM of the same name. Not thread-safe: the agent's one thread uses it.
 */
final class Outbox {
    private static final int MAX_JVMS = 64;
    private static final long MAX_BYTES = 2L << 30;

    private final File folder;
    /** Keeps the folder ours while this JVM lives. */
    private final RandomAccessFile lockFile;

    private Outbox(File folder, RandomAccessFile lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** Opens the folder of this service and instance; of several JVMs of one name each gets its own. */
    static Outbox open(AgentConfig config) throws IOException {
        String name = safe(config.service) + "_" + safe(config.instance);
        for (int i = 0; i < MAX_JVMS; i++) {
            File folder = new File(config.folder, i == 0 ? name : name + "~" + i);
            if (!folder.isDirectory() && !folder.mkdirs()) {
                throw new IOException("cannot make the folder " + folder);
            }
            requireOurs(config.folder);
            requireOurs(folder);
            RandomAccessFile lockFile = new RandomAccessFile(new File(folder, "lock"), "rw");
            FileLock lock = null;
            try {
                lock = lockFile.getChannel().tryLock();
            } catch (OverlappingFileLockException e) {
                // Another class loader of this JVM has it: try the next.
            }
            if (lock != null) {
                Outbox outbox = new Outbox(folder, lockFile);
                outbox.removeUnfinished();
                return outbox;
            }
            lockFile.close();
        }
        throw new IOException("more than " + MAX_JVMS + " JVMs are named " + config.instance);
    }

    /** A library is loaded from here, often below a folder that all may write to: it must be ours, or root's. */
    private static void requireOurs(File folder) throws IOException {
        Path path = folder.toPath();
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) == null) {
            return;
        }
        // What we create tells who we are, also where the user has no name.
        Path probe = Files.createTempFile(path, "owner", ".tmp");
        String us;
        try {
            us = Files.getOwner(probe).getName();
        } finally {
            Files.delete(probe);
        }
        String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(us) && !owner.equals("root") && !owner.equals("0")) {
            throw new IOException("the folder " + folder + " belongs to " + owner + ", this JVM runs as " + us
                    + "; set folder= (DAVY_FOLDER) to another one");
        }
    }

    private static String safe(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "-");
        safe = safe.length() > 80 ? safe.substring(0, 80) : safe;
        // Different names must not share a folder after the replacement.
        return safe.equals(name) ? safe : safe + "-" + Integer.toHexString(name.hashCode());
    }

    private void removeUnfinished() {
        for (File file : files()) {
            if (file.getName().endsWith(".part")) {
                delete(file);
            }
        }
    }

    private File[] files() {
        File[] files = folder.listFiles();
        return files == null ? new File[0] : files;
    }

    File file(String name) {
        return new File(folder, name);
    }

    /** Where the profiler writes the recording of an assignment. */
    File part(String assignment) {
        return file(requireName(assignment) + ".part");
    }

    /** The recording is whole: from now on it is kept until {@link #remove}. */
    File finish(String assignment) throws IOException {
        File part = part(assignment);
        try (RandomAccessFile written = new RandomAccessFile(part, "rw")) {
            written.getFD().sync();
        }
        File whole = recording(assignment);
        if (!part.renameTo(whole)) {
            throw new IOException("cannot rename " + part + " to " + whole);
        }
        return whole;
    }

    File recording(String assignment) {
        return file(requireName(assignment) + ".jfr");
    }

    /** Assignments whose recordings wait, oldest first; when they take too much disk, the oldest are given up. */
    List<String> waiting() {
        List<File> recordings = new ArrayList<>();
        for (File file : files()) {
            if (file.getName().endsWith(".jfr")) {
                recordings.add(file);
            }
        }
        recordings.sort((a, b) -> Long.compare(a.lastModified(), b.lastModified()));
        long bytes = 0;
        List<String> waiting = new ArrayList<>();
        for (int i = recordings.size() - 1; i >= 0; i--) {
            bytes += recordings.get(i).length();
            if (bytes > MAX_BYTES && i < recordings.size() - 1) {
                delete(recordings.get(i));
            } else {
                String name = recordings.get(i).getName();
                waiting.add(name.substring(0, name.length() - ".jfr".length()));
            }
        }
        Collections.reverse(waiting);
        return waiting;
    }

    void remove(String assignment) {
        delete(recording(assignment));
        delete(part(assignment));
    }

    private static void delete(File file) {
        if (!file.delete() && file.exists()) {
            file.deleteOnExit();
        }
    }

    /** Names come from the server; none may lead out of the folder. */
    private static String requireName(String assignment) {
        if (!assignment.matches("[A-Za-z0-9_-]{1,100}")) {
            throw new IllegalArgumentException("assignment id \"" + assignment + "\"");
        }
        return assignment;
    }

    /** Lets another JVM have the folder. */
    void close() throws IOException {
        lockFile.close();
    }
}
