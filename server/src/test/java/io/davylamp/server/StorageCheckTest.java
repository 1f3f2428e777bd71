package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.store.InMemoryBlobs;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StorageCheckTest {
    private final AtomicLong nanos = new AtomicLong();
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final StorageCheck check = new StorageCheck(blobs, nanos::get);

    @Test
    void aStorageThatCanBeReadAndWrittenIsWellAndNothingStaysInIt() throws IOException {
        assertThat(check.look().well()).isTrue();
        assertThat(blobs.open(StorageCheck.KEY)).isEmpty();
    }

    @Test
    void aStorageThatTakesNoMoreIsFoundWithinAMinute() throws IOException {
        check.look();
        blobs.freeBytes(0);
        assertThat(check.look().well()).isTrue();

        nanos.addAndGet(StorageCheck.WRITES.toNanos());

        assertThatThrownBy(check::look).isInstanceOf(IOException.class);
    }

    @Test
    void aStorageThatTakesSomethingAgainIsWellAtTheNextLook() throws IOException {
        blobs.freeBytes(0);
        assertThatThrownBy(check::look).isInstanceOf(IOException.class);

        blobs.freeBytes(1_000);

        assertThat(check.look().well()).isTrue();
    }
}
