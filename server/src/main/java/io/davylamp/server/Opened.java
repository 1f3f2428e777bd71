package io.davylamp.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a start has opened so far, to be closed when the start fails. Not thread-safe. */
final class Opened {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Closes all parts, the last one first. What fails then is added to {@code cause}. */
    void closeAfter(Throwable cause) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}
