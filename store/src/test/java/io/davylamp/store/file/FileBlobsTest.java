package io.davylamp.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobsTest extends BlobsContract {
    @TempDir
    Path folder;

    @Override
    protected Blobs openEmpty() throws IOException {
        return FileBlobs.open(folder.resolve("blobs"));
    }

    @Test
    void removesWhatACrashLeftUnfinished() throws IOException {
        Blobs crashed = openEmpty();
        Blobs.Writer writer = crashed.writer("a/b");
        writer.write(ByteBuffer.wrap(new byte[100]));

        openEmpty();

        try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
            assertThat(files).isEmpty();
        }
        writer.close();
    }
}
