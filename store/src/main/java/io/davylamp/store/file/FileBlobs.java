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
import java.util.zip.CRC32C;

/**
 * Blobs as files below one folder. A blob is written under a temporary name; committing forces it to disk, renames it, and
 * forces the folder, so that a name that can be seen always has all its bytes. Thread-safe.
 */
public final class FileBlobs implements Blobs {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");
    private static final String UNFINISHED = ".part";
    private static final String PARTIAL = ".partial";
    private static final int READ_BYTES = 64 << 10;
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

    @Override
    public Partial resume(String key, String token) throws IOException {
        Path file = file(key);
        Files.createDirectories(file.getParent());
        Path part = partial(file);
        FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FilePartial partial = new FilePartial(channel, part, file);
            if (token.isEmpty() || !partial.continues(token)) {
                partial.restart();
            }
            return partial;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * An unfinished file. Nothing is forced to the disk before the commit: a crash of the machine may lose bytes in its middle, so
     * a token has the number of bytes and their CRC-32C, and who continues reads the file once.
     */
    private final class FilePartial implements Partial {
        private final FileChannel channel;
        private final Path part;
        private final Path file;
        private final CRC32C crc = new CRC32C();
        private long sizeBytes;

        FilePartial(FileChannel channel, Path part, Path file) {
            this.channel = channel;
            this.part = part;
            this.file = file;
        }

        /** Whether the file begins with the bytes of the token; what follows is cut off. */
        private boolean continues(String token) throws IOException {
            int comma = token.indexOf(',');
            long bytes = Long.parseLong(token.substring(0, comma));
            if (bytes > channel.size()) {
                return false;
            }
            byte[] piece = new byte[READ_BYTES];
            for (long at = 0; at < bytes; ) {
                int n = FileBlobs.read(channel, at, piece, 0, (int) Math.min(piece.length, bytes - at));
                crc.update(piece, 0, n);
                at += n;
            }
            channel.truncate(bytes);
            channel.position(bytes);
            sizeBytes = bytes;
            return token.equals(kept().token());
        }

        @Override
        public Kept kept() {
            return sizeBytes == 0
                    ? Kept.NOTHING
                    : new Kept(sizeBytes, sizeBytes + "," + Long.toHexString(crc.getValue()));
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            crc.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                sizeBytes += channel.write(bytes);
            }
        }

        @Override
        public void commit() throws IOException {
            publish(channel, part, file);
        }

        @Override
        public void restart() throws IOException {
            channel.truncate(0);
            channel.position(0);
            crc.reset();
            sizeBytes = 0;
        }

        @Override
        public void close() throws IOException {
            channel.close();
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
