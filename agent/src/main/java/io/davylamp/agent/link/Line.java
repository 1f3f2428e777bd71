package io.davylamp.agent.link;

import io.davylamp.agent.keep.Outbox;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Status;
import java.io.IOException;

/** A way to speak with a server, from Hello until it is lost. Not thread-safe: the agent's one thread uses it. */
interface Line {
    /** Says who we are; what the server says goes to the listener. */
    void open(Hello hello);

    void send(AgentMessage message);

    /** Sends a recording; tells once how that ended. */
    void deliver(Outbox.Waiting recording, Outcome outcome) throws IOException;

    /** Ends it without a word to the listener. */
    void close();

    /** Called on the agent's one thread. */
    interface Listener {
        void received(ServerMessage message);

        /** The line is gone. */
        void lost(Loss loss, String reason);
    }

    /** What the end of a line means for the choice of the next one. */
    enum Loss {
        /** No meaning: servers restart, networks break. */
        BROKEN,
        /** Somebody took what we said, and nobody answered. */
        UNANSWERED,
        /** The server does not know it. */
        UNKNOWN;

        static Loss of(Throwable e) {
            return Status.fromThrowable(e).getCode() == Status.Code.UNIMPLEMENTED ? UNKNOWN : BROKEN;
        }
    }

    /** Receives the result of an upload; called on the agent's one thread. */
    interface Outcome {
        /** The server has it: the file may go. */
        void stored();

        /** The server will never take it: the file may go. */
        void refused(String reason);

        /** Not now: the file stays. */
        void later(String reason);
    }
}
