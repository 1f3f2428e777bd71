package io.davylamp.core.intake;

import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.profile.codec.DamagedProfileException;
import io.davylamp.profile.codec.StoredProfile;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes profiles anew that an older version of the server made: their recordings are kept for that (docs/adr/0001). One at a
 * time, when somebody asks for one. Thread-safe.
 */
public final class OlderProfiles {
    private static final Logger log = LoggerFactory.getLogger(OlderProfiles.class);

    private final Store store;
    private final Blobs blobs;
    private final RecordingReader reader;
    private final Clock clock;

    public OlderProfiles(Store store, Blobs blobs, RecordingReader reader, Clock clock) {
        this.store = store;
        this.blobs = blobs;
        this.reader = reader;
        this.clock = clock;
    }

    /** @return false when its recording is gone or cannot be read; the profile then stays as it is */
    public synchronized boolean renew(String profileKey) throws IOException {
        if (!isOutdated(profileKey)) {
            return true; // somebody else asked for it before
        }
        Optional<Recording> recording = store.read(tx -> tx.recordings().byProfileKey(profileKey));
        if (recording.isEmpty()) {
            return false;
        }
        try {
            RecordingReader.Made made = reader.make(recording.get());
            if (store.read(tx -> tx.recordings().byProfileKey(profileKey)).isEmpty()) {
                reader.discard(recording.get()); // deleted meanwhile, and its profile with it
                return false;
            }
            // Of several servers that make it at once, one says so: they make the same.
            recording
                    .get()
                    .remade(clock.millis(), made.profileBytes(), made.warnings())
                    .ifPresent(next -> store.write(tx -> tx.recordings().compareAndSet(next)));
            log.info("made the profile {} anew of its recording: an older version had made it", profileKey);
            return true;
        } catch (IOException e) {
            log.warn("cannot make the profile {} anew: {}", profileKey, e.toString());
            return false;
        }
    }

    private boolean isOutdated(String profileKey) throws IOException {
        Optional<Blobs.Blob> found = blobs.open(profileKey);
        if (found.isEmpty()) {
            return false;
        }
        try (Blobs.Blob profile = found.get()) {
            return StoredProfile.open(profile).isOutdated();
        } catch (DamagedProfileException e) {
            return false;
        }
    }
}
