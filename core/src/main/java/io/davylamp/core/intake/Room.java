package io.davylamp.core.intake;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.StoreException;
import java.io.IOException;

/**
 * The disk that must stay free.
 *
 * @param minFreeBytes no recording may use these up
 */
record Room(Blobs blobs, long minFreeBytes) {

    /** @throws StoreException if {@code bytes} more would leave less than must stay free */
    void require(long bytes) throws IOException {
        long free = blobs.freeBytes();
        if (free - bytes < minFreeBytes) {
            throw new StoreException(
                    StoreException.Kind.FULL,
                    free + " bytes are free, of which " + minFreeBytes
                            + " must stay free by the setting data.min-free");
        }
    }
}
