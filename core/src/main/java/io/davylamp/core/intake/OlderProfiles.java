package io.davylamp.core.intake;

import io.davylamp.core.store.Blobs;
import io.davylamp.profile.Profile;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.DamagedProfileException;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.codec.StoredProfile;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes profiles anew that an older version of the server made: their recordings are kept for that (docs/adr/0001). One at a
 * time, when somebody asks for one. Thread-safe.
 */
public final class OlderProfiles {
    private static final Logger log = LoggerFactory.getLogger(OlderProfiles.class);

    private final Blobs blobs;

    public OlderProfiles(Blobs blobs) {
        this.blobs = blobs;
    }

    /** @return false when its recording is gone or cannot be read; the profile then stays as it is */
    public synchronized boolean renew(String profileKey) throws IOException {
        if (!isOutdated(profileKey)) {
            return true; // somebody else asked for it before
        }
        Optional<Blobs.Blob> found = blobs.open(recordingKey(profileKey));
        if (found.isEmpty()) {
            return false;
        }
        try (Blobs.Blob recording = found.get()) {
            Profile profile = JfrImport.read(recording);
            if (profile.measures().isEmpty()) {
                return false;
            }
            try (Blobs.Writer writer = blobs.writer(profileKey)) {
                OutputStream buffered = new BufferedOutputStream(writer.stream(), 64 << 10);
                ProfileCodec.write(profile, buffered);
                buffered.flush();
                writer.commit();
            }
            log.info("made the profile {} anew of its recording: an older version had made it", profileKey);
            return true;
        } catch (UnreadableRecordingException e) {
            return false; // collapsed stacks, whose values mean what they meant
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

    /** Of a task's profile and of an opened file's; see Assignment and OpenedFile. */
    private static String recordingKey(String profileKey) {
        return profileKey.startsWith("profiles/")
                ? profileKey.replaceFirst("^profiles/(.*)\\.dlp$", "recordings/$1.jfr")
                : profileKey.replaceFirst("/profile$", "/recording");
    }
}
