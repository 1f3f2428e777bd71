package io.davylamp.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    @Override
    protected Blobs openAgain() throws IOException {
        return openEmpty();
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

    @Test
    void beginsAnewWhereACrashOfTheMachineLostBytesOfAPart() throws IOException {
        Blobs.Kept kept;
        try (Blobs.Partial partial = openEmpty().resume("a/b", "")) {
            partial.write(ByteBuffer.wrap(new byte[100]));
            kept = partial.kept();
        }
        try (FileChannel file = FileChannel.open(folder.resolve("blobs/a/b.partial"), StandardOpenOption.WRITE)) {
            file.truncate(99);
        }
        requireNothingKept(kept);

        try (Blobs.Partial partial = openEmpty().resume("a/b", "")) {
            partial.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            kept = partial.kept();
        }
        Files.write(folder.resolve("blobs/a/b.partial"), new byte[] {1, 0, 3});
        requireNothingKept(kept);
    }

    private void requireNothingKept(Blobs.Kept kept) throws IOException {
        try (Blobs.Partial again = openAgain().resume("a/b", kept.token())) {
            assertThat(again.kept()).isEqualTo(Blobs.Kept.NOTHING);
            again.write(ByteBuffer.wrap(new byte[7]));
            again.commit();
        }
        try (Blobs.Blob blob = openAgain().open("a/b").orElseThrow()) {
            assertThat(blob.sizeBytes()).isEqualTo(7);
        }
    }
}
