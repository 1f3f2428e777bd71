package io.davylamp.profile.container;

import io.davylamp.profile.SeekableBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Room on a disk for one file's unpacked bytes while they are read. Closing it frees the room. Not thread-safe while written. */
public interface Scratch extends Closeable {
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Returns the written bytes, readable until {@link #close}, also by several threads. */
    SeekableBytes written() throws IOException;

    /** Makes room when a file turns out to need some. */
    interface Source {
        Scratch open() throws IOException;
    }

    /** A file of the system's temporary folder. Its name is gone as soon as the system allows, so a crash leaves nothing. */
    static Scratch temporary() throws IOException {
        Path file = Files.createTempFile("davylamp-", ".unpacked");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        return new Scratch() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }

            @Override
            public SeekableBytes written() throws IOException {
                return SeekableBytes.of(channel);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
