package io.davylamp.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that holds room on the disk, so that something can be deleted when it is full. Thread-safe. */
final class Reserve {
    private static final Logger log = LoggerFactory.getLogger(Reserve.class);
    /** Some thousand pages of the database's log. */
    static final int BYTES = 8 << 20;
    /** Room that must be there before some of it is held. */
    private static final long ENOUGH = 4L * BYTES;

    private static final int PIECE_BYTES = 64 << 10;

    private final Path file;

    Reserve(Path file) {
        this.file = file;
    }

    /** Gives the room away. @return false when there was none */
    synchronized boolean release() {
        try {
            boolean released = Files.deleteIfExists(file);
            if (released) {
                log.warn("the disk is full: the reserve of {} bytes is used to delete", BYTES);
            }
            return released;
        } catch (IOException e) {
            log.warn("the reserve {} cannot be used: {}", file, e.toString());
            return false;
        }
    }

    /** Takes room, if there is much. */
    synchronized void hold() {
        try {
            if (Files.exists(file) && Files.size(file) == BYTES
                    || Files.getFileStore(file.getParent()).getUsableSpace() < ENOUGH) {
                return;
            }
            // Bytes that no file system can pack, nor leave out.
            Random random = new Random(1);
            byte[] piece = new byte[PIECE_BYTES];
            try (FileChannel out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                for (int written = 0; written < BYTES; written += piece.length) {
                    random.nextBytes(piece);
                    for (ByteBuffer bytes = ByteBuffer.wrap(piece); bytes.hasRemaining(); ) {
                        out.write(bytes);
                    }
                }
            }
        } catch (IOException e) {
            log.warn("no reserve can be held for a full disk: {}", e.toString());
            release();
        }
    }
}
