package io.davylamp.core.recording;

import java.util.List;
import java.util.Optional;

/** Files that people opened. */
public interface FileRows {
    /** Inserts, or replaces the one of the same id. */
    void put(OpenedFile file);

    void lookedAt(String id, long nowMillis);

    Optional<OpenedFile> byId(String id);

    /** All, newest first. */
    List<OpenedFile> newest();

    void delete(String id);
}
