package io.davylamp.server.agent;

import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Status;

/** How messages get to an agent. Thread-safe. */
interface Pipe {
    void send(ServerMessage message);

    /** Nothing goes through any more. */
    void end(Status status);

    /** The agent has ended it. */
    void complete();
}
