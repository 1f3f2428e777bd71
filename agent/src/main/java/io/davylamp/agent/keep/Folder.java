package io.davylamp.agent.keep;

import io.davylamp.agent.host.AgentConfig;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one JVM has on disk, below the folder of all agents. A lock on a file in it says that the JVM lives; when it does not, the
 * next JVM of its service takes the folder over and speaks for it. Not thread-safe: the agent's one thread uses it.
 */
public final class Folder implements Closeable {
    private static final int MAX_JVMS = 64;
    private static final String LOCK = "lock";
    private static final String OWNER = "owner";

    /** Folders that this JVM has locked. */
    private static final Set<String> HELD = Collections.newSetFromMap(new ConcurrentHashMap<>());

    /** The user of this JVM, as the file system names it; empty until known. */
    private static volatile String us = "";

    private final File folder;
    private final String instance;
    /** Keeps the folder ours while this JVM lives. */
    private final RandomAccessFile lockFile;

    private Folder(File folder, String instance, RandomAccessFile lockFile) {
        this.folder = folder;
        this.instance = instance;
        this.lockFile = lockFile;
    }

    /**
     * Opens the folder of this service and instance; of several JVMs of one name each gets its own.
     *
     * @throws IOException saying what is wrong with the folder and that it can be set
     */
    public static Folder open(AgentConfig config) throws IOException {
        String name = safe(config.service) + "_" + safe(config.instance);
        try {
            for (int i = 0; i < MAX_JVMS; i++) {
                File folder = new File(config.folder, i == 0 ? name : name + "~" + i);
                if (!folder.isDirectory() && !folder.mkdirs()) {
                    // Files tells why, mkdirs does not.
                    Files.createDirectories(folder.toPath());
                }
                requireOurs(config.folder);
                requireOurs(folder);
                RandomAccessFile lockFile = lock(folder);
                if (lockFile != null) {
                    write(new File(folder, OWNER), config.service + "\n" + config.instance + "\n");
                    return new Folder(folder, config.instance, lockFile);
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "the agent cannot use its folder " + config.folder + " (set folder= or DAVY_FOLDER to another): "
                            + e,
                    e);
        }
        throw new IOException("more than " + MAX_JVMS + " JVMs are named " + config.instance);
    }

    /** Takes over the folders of JVMs of this service that live no more. */
    public static List<Folder> orphans(AgentConfig config) {
        List<Folder> orphans = new ArrayList<>();
        File[] folders = config.folder.listFiles();
        for (File folder : folders == null ? new File[0] : folders) {
            try {
                File owner = new File(folder, OWNER);
                if (!folder.getName().startsWith(safe(config.service) + "_") || owner.length() == 0) {
                    continue;
                }
                requireOurs(folder);
                List<String> lines = Files.readAllLines(owner.toPath(), StandardCharsets.UTF_8);
                if (lines.size() < 2 || !lines.get(0).equals(config.service)) {
                    continue;
                }
                RandomAccessFile lockFile = lock(folder);
                if (lockFile != null) {
                    orphans.add(new Folder(folder, lines.get(1), lockFile));
                }
            } catch (IOException e) {
                // Somebody else's, or being removed: it is looked at again.
            }
        }
        return orphans;
    }

    /** Null when a JVM that lives has it. */
    private static RandomAccessFile lock(File folder) throws IOException {
        // Asking for a lock that we have would lose it: closing any file on it gives it back.
        if (!HELD.add(folder.getAbsolutePath())) {
            return null;
        }
        RandomAccessFile lockFile = null;
        FileLock lock = null;
        try {
            lockFile = new RandomAccessFile(new File(folder, LOCK), "rw");
            lock = lockFile.getChannel().tryLock();
            // Whoever removed the folder meanwhile has removed what we locked.
            lock = new File(folder, LOCK).exists() ? lock : null;
        } catch (OverlappingFileLockException e) {
            // Another class loader of this JVM has it.
        } finally {
            if (lock == null) {
                HELD.remove(folder.getAbsolutePath());
                if (lockFile != null) {
                    lockFile.close();
                }
            }
        }
        return lock == null ? null : lockFile;
    }

    /** A library is loaded from here, often below a folder that all may write to: it must be ours, or root's. */
    private static void requireOurs(File folder) throws IOException {
        Path path = folder.toPath();
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) == null) {
            return;
        }
        if (us.isEmpty()) {
            // What we create tells who we are, also where the user has no name.
            Path probe = Files.createTempFile(path, "owner", ".tmp");
            try {
                us = Files.getOwner(probe).getName();
            } finally {
                Files.delete(probe);
            }
        }
        String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(us) && !owner.equals("root") && !owner.equals("0")) {
            throw new IOException(folder + " belongs to " + owner + ", this JVM runs as " + us);
        }
    }

    /** A name that is a file's name everywhere; different names stay different. */
    static String safe(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9.-]", "-");
        safe = safe.length() > 80 ? safe.substring(0, 80) : safe;
        return safe.equals(name) ? safe : safe + "-" + Integer.toHexString(name.hashCode());
    }

    /** The instance whose JVM made it. */
    String instance() {
        return instance;
    }

    public File file(String name) {
        return new File(folder, name);
    }

    /** Files whose names end like that, the oldest first. */
    List<File> files(String ending) {
        File[] files = folder.listFiles((parent, name) -> name.endsWith(ending));
        List<File> sorted = new ArrayList<>(Arrays.asList(files == null ? new File[0] : files));
        sorted.sort((a, b) -> Long.compare(a.lastModified(), b.lastModified()));
        return sorted;
    }

    /** Writes a small file so that it survives a crash of the machine. */
    static void write(File file, String text) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
    }

    public static void delete(File file) {
        if (!file.delete() && file.exists()) {
            file.deleteOnExit();
        }
    }

    /** Deletes a folder with all that is in it, as far as it can be deleted; follows no links. */
    public static void deleteTree(File folder) {
        File[] files = Files.isSymbolicLink(folder.toPath()) ? null : folder.listFiles();
        for (File file : files == null ? new File[0] : files) {
            deleteTree(file);
        }
        if (folder.exists()) {
            delete(folder);
        }
    }

    /** Removes the folder of a JVM that lives no more, with its log. */
    void remove() throws IOException {
        for (File file : files("")) {
            if (!file.getName().equals(LOCK)) {
                deleteTree(file);
            }
        }
        delete(file(LOCK));
        close();
        delete(folder);
    }

    /** Releases the folder for another JVM. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        HELD.remove(folder.getAbsolutePath());
    }
}
