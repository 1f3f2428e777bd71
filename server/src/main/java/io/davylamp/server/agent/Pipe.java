package io.davylamp.server.agent;

import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Status;

/** How messages get to an agent. Thread-safe. */
interface Pipe {
    void send(ServerMessage message);

    /**
     * Keeps the way to the agent open until {@link #release}, so that what is sent meanwhile reaches it or its next words are a
     * Hello.
     *
     * @return false when there is no way now; there is nothing to release then
     */
    boolean hold();

    void release();

    /** Nothing goes through any more. */
    void end(Status status);

    /** The agent has ended it. */
    void complete();
}
