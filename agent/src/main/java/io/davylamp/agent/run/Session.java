package io.davylamp.agent.run;

import java.io.File;
import java.io.IOException;

/** One recording for an assignment, from its start to its end. Not thread-safe: the agent's one thread uses it. */
interface Session {
    String assignment();

    /** Returns what takes the samples; empty when only allocations, locks or the like are recorded. */
    String engine();

    /** Returns why the engine or the events differ from the task; empty when they do not. */
    String note();

    /** Bytes on disk by now. */
    long recordedBytes();

    /** Ends the recording and keeps it. */
    File finish() throws IOException;

    /** Returns the warnings of the engine; empty when there is none. */
    String warnings();

    /** Ends the recording and throws it away. */
    void abandon() throws IOException;
}
