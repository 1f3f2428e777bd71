package io.davylamp.core.task;

import io.davylamp.core.recording.Recording;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The states of an assignment and the events that change them. A test compares them with the table in
 * docs/reference/states.md. The store changes a state only by compare-and-set.
 */
public enum AssignmentState {
    /** Created; the instance does not know of it yet. */
    PENDING,
    /** The command is on its way to the instance. */
    OFFERED,
    /** The agent took the command. */
    ACCEPTED,
    /** The profiler runs. */
    RUNNING,
    /** The recording arrives. */
    RECEIVING,
    /** The recording is durable, a row of its own: {@link Recording}. */
    DELIVERED,
    /** The agent or the profiler failed; the reason has its words. */
    FAILED,
    /** The recording is larger than the server takes; the reason has both sizes. */
    TOO_LARGE,
    /** The deadline passed without a recording. */
    EXPIRED,
    /** A person ended it. */
    CANCELLED;

    /** The events of an assignment. */
    public enum Event {
        OFFER,
        ACCEPT,
        RUN,
        /** Somebody wants what there is by now, or the agent had to end early: the window ends, the recording follows. */
        STOP,
        UPLOAD_BEGIN,
        UPLOAD_BREAK,
        /** The recording comes and the server cannot take it now: its disk is full, or too many come. */
        UPLOAD_REFUSE,
        STORE,
        TOO_LARGE,
        AGENT_ERROR,
        DEADLINE,
        /** The agent's side shows that it has the task no more. */
        LOSE,
        CANCEL
    }

    /** The agent has taken the command and says what comes of it. */
    public static final Set<AssignmentState> BEGUN = set(ACCEPTED, RUNNING);

    /** The command was given to an agent, and no recording came yet. */
    public static final Set<AssignmentState> WITH_AGENT = set(OFFERED, ACCEPTED, RUNNING);

    /** Keeps other tasks from the instance until the window is over, and expires at the deadline. */
    public static final Set<AssignmentState> BLOCKING = set(PENDING, OFFERED, ACCEPTED, RUNNING);

    /** Until its recording is here the agent does one assignment after the other. */
    public static final Set<AssignmentState> UNDELIVERED = set(PENDING, OFFERED, ACCEPTED, RUNNING, RECEIVING);

    /** Over: nothing happens any more unless somebody asks, or an agent comes late. */
    public static final Set<AssignmentState> FINAL = set(DELIVERED, FAILED, TOO_LARGE, EXPIRED, CANCELLED);

    private static Set<AssignmentState> set(AssignmentState first, AssignmentState... rest) {
        return Collections.unmodifiableSet(EnumSet.of(first, rest));
    }

    private static final Map<AssignmentState, Map<Event, AssignmentState>> NEXT = new EnumMap<>(AssignmentState.class);

    static {
        on(Event.OFFER, OFFERED, PENDING, OFFERED);
        on(Event.ACCEPT, ACCEPTED, OFFERED);
        on(Event.RUN, RUNNING, OFFERED, ACCEPTED);
        on(Event.STOP, ACCEPTED, ACCEPTED);
        on(Event.STOP, RUNNING, RUNNING);
        // A recording that arrives after its deadline is still worth having, and one of a JVM that was taken for lost.
        on(Event.UPLOAD_BEGIN, RECEIVING, OFFERED, ACCEPTED, RUNNING, EXPIRED, FAILED);
        on(Event.UPLOAD_REFUSE, OFFERED, OFFERED);
        on(Event.UPLOAD_REFUSE, ACCEPTED, ACCEPTED);
        on(Event.UPLOAD_REFUSE, RUNNING, RUNNING);
        on(Event.UPLOAD_REFUSE, EXPIRED, EXPIRED);
        on(Event.STORE, DELIVERED, RECEIVING);
        on(Event.TOO_LARGE, TOO_LARGE, OFFERED, ACCEPTED, RUNNING, RECEIVING);
        // A JVM that died tells it at its next start, which may be late.
        on(Event.AGENT_ERROR, FAILED, OFFERED, ACCEPTED, RUNNING, EXPIRED);
        on(Event.DEADLINE, EXPIRED, PENDING, OFFERED, ACCEPTED, RUNNING);
        on(Event.LOSE, EXPIRED, OFFERED, ACCEPTED, RUNNING);
        on(Event.CANCEL, CANCELLED, PENDING, OFFERED, ACCEPTED, RUNNING);
        // Where a broken upload goes back to is remembered by the assignment; this is the least it can be.
        on(Event.UPLOAD_BREAK, OFFERED, RECEIVING);
    }

    private static void on(Event event, AssignmentState to, AssignmentState... from) {
        for (AssignmentState state : from) {
            NEXT.computeIfAbsent(state, s -> new EnumMap<>(Event.class)).put(event, to);
        }
    }

    /** The state after {@code event}; empty when the event does not concern an assignment in this state. */
    public Optional<AssignmentState> next(Event event) {
        return Optional.ofNullable(NEXT.getOrDefault(this, Map.of()).get(event));
    }

    /** True while it changes by itself: it waits, is with the agent, or its recording arrives. */
    public boolean isLive() {
        return UNDELIVERED.contains(this);
    }

    /** True while it keeps its instance from taking another task, if its window is not over. */
    public boolean isBlocking() {
        return BLOCKING.contains(this);
    }
}
