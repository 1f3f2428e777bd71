package io.davylamp.core.recording;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The states of a recording on its way to a profile, and the events that change them. A test compares them with the second
 * table in docs/reference/states.md. The store changes a state only by compare-and-set.
 */
public enum RecordingState {
    /** The bytes are durable; nobody reads them yet. */
    STORED,
    /** A reader makes the profile, as long as its lease lasts; then another one may take the recording. */
    READING,
    /** The profile is durable and can be asked. */
    READY,
    /** The recording is kept but cannot be read; the reason says why. */
    UNREADABLE;

    /** The events of a recording. */
    public enum Event {
        /** A reader begins, or takes over from one whose lease ran out. */
        TAKE,
        /** The reader's lease is extended. */
        RENEW,
        /** The profile is durable. */
        FINISH,
        /** The bytes are no recording, or are damaged. */
        REFUSE,
        /** A newer version made the profile anew, which an older one had made. */
        REMAKE,
        /** Somebody wants it read once more: by a newer reader, or with more memory. */
        READ_AGAIN
    }

    private static final Map<RecordingState, Map<Event, RecordingState>> NEXT = new EnumMap<>(RecordingState.class);

    static {
        on(Event.TAKE, READING, STORED, READING);
        on(Event.RENEW, READING, READING);
        on(Event.FINISH, READY, READING);
        on(Event.REFUSE, UNREADABLE, READING);
        on(Event.REMAKE, READY, READY);
        on(Event.READ_AGAIN, STORED, UNREADABLE);
    }

    private static void on(Event event, RecordingState to, RecordingState... from) {
        for (RecordingState state : from) {
            NEXT.computeIfAbsent(state, s -> new EnumMap<>(Event.class)).put(event, to);
        }
    }

    /** The state after {@code event}; empty when the event does not concern a recording in this state. */
    public Optional<RecordingState> next(Event event) {
        return Optional.ofNullable(NEXT.getOrDefault(this, Map.of()).get(event));
    }

    /** True while its profile is still to be made. */
    public boolean isUnread() {
        return this == STORED || this == READING;
    }
}
