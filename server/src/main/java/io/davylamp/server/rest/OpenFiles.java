package io.davylamp.server.rest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.Ids;
import io.davylamp.profile.Profile;
import io.davylamp.profile.export.ProfileFile;
import io.davylamp.profile.view.ProfileSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Files that somebody looks at without keeping them: their profiles are in memory for as long as they are asked for, and
 * forgotten with the server, or when others take their place. Thread-safe.
 */
final class OpenFiles {
    private static final int MAX_FILES = 8;
    private static final Duration KEPT = Duration.ofHours(2);
    private static final int MAX_NAME = 200;

    private final Ids ids;
    private final Clock clock;
    private final Cache<String, Opened> opened =
            Caffeine.newBuilder().maximumSize(MAX_FILES).expireAfterAccess(KEPT).build();

    /** One file, as it was when it was opened. */
    record Opened(String id, String name, long sizeBytes, ProfileSource source) {}

    OpenFiles(Ids ids, Clock clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Reads a file and remembers its profile.
     *
     * @throws io.davylamp.profile.UnreadableRecordingException in words for people
     */
    Opened open(String name, Path file, long sizeBytes) throws IOException {
        String shown = name.isBlank() ? "file" : name.substring(0, Math.min(MAX_NAME, name.length()));
        Profile profile = ProfileFile.read(file, name);
        Opened one = new Opened(ids.next(clock.millis()), shown, sizeBytes, ProfileSource.of(shown, profile));
        opened.put(one.id(), one);
        return one;
    }

    Optional<Opened> find(String id) {
        return Optional.ofNullable(opened.getIfPresent(id));
    }
}
