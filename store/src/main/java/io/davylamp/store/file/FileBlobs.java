package io.davylamp.store.file;

import io.davylamp.core.store.Blobs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Blobs as files below one folder. A blob is written under a temporary name; committing forces it to disk, renames it, and
 * forces the folder, so that a name that can be seen always has all its bytes. Thread-safe.
 */
public final class FileBlobs implements Blobs {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");
    private static final String UNFINISHED = ".part";
    private static final String PARTIAL = ".partial";
    private static final Duration PARTIAL_KEPT = Duration.ofDays(30);

    private final Path folder;

    private FileBlobs(Path folder) {
        this.folder = folder;
    }

    /** Opens a folder, creating it, and removes what an earlier process left in it that nobody will go on with. */
    public static FileBlobs open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileTime old = FileTime.from(Instant.now().minus(PARTIAL_KEPT));
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (name.endsWith(UNFINISHED)
                        || name.endsWith(PARTIAL)
                                && attributes.lastModifiedTime().compareTo(old) < 0) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new FileBlobs(folder);
    }

    /** Opens a folder that another process may be using, to read in it; nothing in it is removed. */
    public static FileBlobs openBeside(Path folder) {
        return new FileBlobs(folder);
    }

    private Path file(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("\"" + key + "\" is no key");
        }
        return folder.resolve(key);
    }

    @Override
    public Writer writer(String key) throws IOException {
        Path file = file(key);
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
        FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Writer() {
            private boolean committed;

            @Override
            public void write(ByteBuffer bytes) throws IOException {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void commit() throws IOException {
                publish(channel, part, file);
                committed = true;
            }

            @Override
            public void close() throws IOException {
                channel.close();
                if (!committed) {
                    Files.deleteIfExists(part);
                }
            }
        };
    }

    /** A token is the number of bytes that are durable, in decimal digits. */
    @Override
    public Partial resume(String key, String token) throws IOException {
        FilePartial partial = resume(key);
        try {
            partial.keepOnly(token.isEmpty() ? 0 : Long.parseLong(token));
            return partial;
        } catch (IOException | RuntimeException e) {
            partial.channel.close();
            throw e;
        }
    }

    @Override
    public FilePartial resume(String key) throws IOException {
        Path file = file(key);
        Files.createDirectories(file.getParent());
        Path part = partial(file);
        FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new FilePartial(channel, part, file);
    }

    /** An unfinished file. Its length alone says nothing after a crash: bytes count when they were forced to the disk. */
    final class FilePartial implements ReadablePartial {
        private final FileChannel channel;
        private final Path part;
        private final Path file;
        private long sizeBytes;
        private Kept kept;
        private boolean named;

        private FilePartial(FileChannel channel, Path part, Path file) throws IOException {
            this.channel = channel;
            this.part = part;
            this.file = file;
            this.sizeBytes = channel.size();
            this.kept = kept(sizeBytes);
            channel.position(sizeBytes);
        }

        private static Kept kept(long bytes) {
            return bytes == 0 ? Kept.NOTHING : new Kept(bytes, Long.toString(bytes));
        }

        private void keepOnly(long bytes) throws IOException {
            long there = bytes <= sizeBytes ? bytes : 0;
            channel.truncate(there);
            sizeBytes = there;
            kept = kept(there);
        }

        @Override
        public Kept kept() {
            return kept;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                sizeBytes += channel.write(bytes);
            }
            if (sizeBytes % PART_BYTES == 0) {
                keep();
            }
        }

        private void keep() throws IOException {
            if (sizeBytes == kept.bytes()) {
                return;
            }
            channel.force(true);
            if (!named) {
                forceParents(file);
                named = true;
            }
            kept = kept(sizeBytes);
        }

        @Override
        public void commit() throws IOException {
            publish(channel, part, file);
        }

        @Override
        public long sizeBytes() {
            return sizeBytes;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            return FileBlobs.read(channel, position, into, offset, length);
        }

        @Override
        public void restart() throws IOException {
            keepOnly(0);
        }

        @Override
        public void close() throws IOException {
            if (channel.isOpen()) {
                try (channel) {
                    keep();
                }
            }
        }
    }

    private static Path partial(Path file) {
        return file.resolveSibling(file.getFileName() + PARTIAL);
    }

    /** Makes the bytes durable, then the name. */
    private void publish(FileChannel channel, Path part, Path file) throws IOException {
        channel.force(true);
        channel.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceParents(file);
    }

    private void forceParents(Path file) throws IOException {
        for (Path parent = file.getParent(); parent.startsWith(folder); parent = parent.getParent()) {
            force(parent);
        }
    }

    private static int read(FileChannel channel, long position, byte[] into, int offset, int length)
            throws IOException {
        ByteBuffer target = ByteBuffer.wrap(into, offset, length);
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position() - offset) < 0) {
                break;
            }
        }
        return target.position() - offset;
    }

    /** Makes the names in a folder durable. */
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<Blob> open(String key) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file(key), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        long sizeBytes = channel.size();
        return Optional.of(new Blob() {
            @Override
            public long sizeBytes() {
                return sizeBytes;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                return FileBlobs.read(channel, position, into, offset, length);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        });
    }

    @Override
    public void delete(String key) throws IOException {
        Path file = file(key);
        Files.deleteIfExists(file);
        Files.deleteIfExists(partial(file));
        for (Path parent = file.getParent(); !parent.equals(folder); parent = parent.getParent()) {
            try {
                Files.deleteIfExists(parent);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }
}
