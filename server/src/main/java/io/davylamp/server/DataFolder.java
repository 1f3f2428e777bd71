package io.davylamp.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder with everything that is kept; locked, because two servers on one folder would ruin each other's work. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** @throws StartException if the folder cannot be used, in words */
    static DataFolder open(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel lockFile =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = lockFile.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                lockFile.close();
                throw new StartException("the data folder " + path.toAbsolutePath()
                        + " is in use by another server; set data.folder to another one");
            }
            return new DataFolder(path, lockFile);
        } catch (IOException e) {
            throw new StartException(
                    "the data folder " + path.toAbsolutePath() + " cannot be used (setting data.folder): " + e);
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path.toAbsolutePath();
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
