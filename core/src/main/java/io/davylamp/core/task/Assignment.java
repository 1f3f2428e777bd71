package io.davylamp.core.task;

/**
 * A task on one instance: what has a state.
 *
 * @param version grows with each change; the store's compare-and-set compares it
 * @param createdMillis strictly increasing per instance, whatever the clocks say; raised when it is offered to an agent that has
 *     accepted a later one
 * @param windowEndMillis creation and duration: until then it keeps other tasks from the instance
 * @param deadlineMillis when it expires if nothing came
 * @param blocking holds the instance; the store lets one assignment per instance have it
 * @param resumeState where a broken upload goes back to; null unless RECEIVING
 * @param life the agent's life that the command was offered to; empty before
 * @param reason why it ended as it did, in words; empty when there is nothing to say
 * @param stateMillis when it came into its state
 * @param declaredBytes size of the recording as the agent declared it; 0 before
 * @param engine what really took the samples, in the profiler's words; empty while unknown
 * @param note what is worth knowing of it although it went on: another engine, ended early; empty when there is nothing
 * @param stopMillis when somebody wanted its profiling to end early; 0 while nobody does
 */
public record Assignment(
        String id,
        String taskId,
        String instanceId,
        String instanceName,
        AssignmentState state,
        int version,
        long createdMillis,
        long windowEndMillis,
        long deadlineMillis,
        boolean blocking,
        AssignmentState resumeState,
        String life,
        String reason,
        long stateMillis,
        long runningMillis,
        long declaredBytes,
        String engine,
        String note,
        long stopMillis) {

    public static Assignment created(
            String id,
            String taskId,
            String instanceId,
            String instanceName,
            long createdMillis,
            long windowEndMillis,
            long deadlineMillis) {
        return new Assignment(
                id,
                taskId,
                instanceId,
                instanceName,
                AssignmentState.PENDING,
                0,
                createdMillis,
                windowEndMillis,
                deadlineMillis,
                true,
                null,
                "",
                "",
                createdMillis,
                0,
                0,
                "",
                "",
                0);
    }

    /** The blob of its recording, also while that comes. */
    public String recordingKey() {
        return "recordings/" + taskId + "/" + id + ".jfr";
    }

    /** The blob of the profile of its recording. */
    public String profileKey() {
        return "profiles/" + taskId + "/" + id + ".dlp";
    }

    /** A change of this assignment; each call sets one thing, {@link Change#done} makes the next version. */
    public Change change(AssignmentState to, long nowMillis) {
        return new Change(this, to, nowMillis);
    }

    /** Builds the next version. */
    public static final class Change {
        private final Assignment from;
        private final AssignmentState to;
        private final long nowMillis;
        private long createdMillis;
        private boolean blocking;
        private AssignmentState resumeState;
        private String life;
        private String reason;
        private long runningMillis;
        private long windowEndMillis;
        private long deadlineMillis;
        private long declaredBytes;
        private String engine;
        private String note;
        private long stopMillis;

        private Change(Assignment from, AssignmentState to, long nowMillis) {
            this.from = from;
            this.to = to;
            this.nowMillis = nowMillis;
            this.createdMillis = from.createdMillis;
            this.blocking = from.blocking && to.isBlocking();
            this.life = from.life;
            this.reason = from.reason;
            this.runningMillis =
                    to == AssignmentState.RUNNING && from.runningMillis == 0 ? nowMillis : from.runningMillis;
            this.windowEndMillis = from.windowEndMillis;
            this.deadlineMillis = from.deadlineMillis;
            this.declaredBytes = from.declaredBytes;
            this.engine = from.engine;
            this.note = from.note;
            this.stopMillis = from.stopMillis;
        }

        public Change notBlocking() {
            blocking = false;
            return this;
        }

        /** Creation comes after {@code millis} at least. */
        public Change createdAfter(long millis) {
            createdMillis = Math.max(createdMillis, millis + 1);
            return this;
        }

        public Change resumeAt(AssignmentState state) {
            resumeState = state;
            return this;
        }

        /** A broken upload goes back to the state that this change replaces, not to one that was read before. */
        public Change resumeHere() {
            return resumeAt(from.state);
        }

        public Change life(String newLife) {
            life = newLife;
            return this;
        }

        public Change reason(String newReason) {
            reason = newReason;
            return this;
        }

        /** The window and the deadline count from here: the profiler starts now, or ends now. */
        public Change startsNow(long durationMillis, long graceMillis) {
            windowEndMillis = nowMillis + durationMillis;
            deadlineMillis = windowEndMillis + graceMillis;
            return this;
        }

        public Change declaredBytes(long bytes) {
            declaredBytes = bytes;
            return this;
        }

        public Change engine(String newEngine) {
            engine = newEngine;
            return this;
        }

        /** Somebody wants the profiling to end now; its agent is told as soon as it can be. */
        public Change stopWanted() {
            stopMillis = stopMillis == 0 ? nowMillis : stopMillis;
            return this;
        }

        /** The profiler runs from now on: for its time, or, if it is to be stopped already, for none. */
        public Change runs(long durationMillis, long graceMillis) {
            return startsNow(stopMillis == 0 ? durationMillis : 0, graceMillis);
        }

        /** Adds to what is worth knowing. */
        public Change note(String more) {
            if (!more.isEmpty() && !note.contains(more)) {
                note = note.isEmpty() ? more : note + "; " + more;
            }
            return this;
        }

        public Assignment done() {
            return new Assignment(
                    from.id,
                    from.taskId,
                    from.instanceId,
                    from.instanceName,
                    to,
                    from.version + 1,
                    createdMillis,
                    windowEndMillis,
                    deadlineMillis,
                    blocking,
                    resumeState,
                    life,
                    reason,
                    to == from.state ? from.stateMillis : nowMillis,
                    runningMillis,
                    declaredBytes,
                    engine,
                    note,
                    stopMillis);
        }
    }
}
