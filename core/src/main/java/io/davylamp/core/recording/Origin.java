package io.davylamp.core.recording;

/** The source of a recording. It determines the allowed formats of its bytes, and whether it belongs to a task. */
public enum Origin {
    /** An instance made it for a task; the id is the assignment's, and it goes when its task is deleted. JFR as it was written. */
    ASSIGNMENT(false),
    /** A person opened it: what any profiler wrote, also packed. It goes some time after it was last looked at. */
    OPENED_FILE(true);

    private final boolean foreign;

    Origin(boolean foreign) {
        this.foreign = foreign;
    }

    /** Whether the bytes may be packed, and of another format than JFR. */
    public boolean isForeign() {
        return foreign;
    }
}
