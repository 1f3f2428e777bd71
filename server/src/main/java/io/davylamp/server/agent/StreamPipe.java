package io.davylamp.server.agent;

import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/** Messages over a stream that stays open. Thread-safe. */
final class StreamPipe implements Pipe {
    private final ServerCallStreamObserver<ServerMessage> out;

    StreamPipe(ServerCallStreamObserver<ServerMessage> out) {
        this.out = out;
    }

    /** Messages come from several threads; gRPC wants one at a time. */
    @Override
    public synchronized void send(ServerMessage message) {
        if (!out.isCancelled()) {
            out.onNext(message);
        }
    }

    @Override
    public boolean hold() {
        return !out.isCancelled();
    }

    @Override
    public void release() {}

    @Override
    public synchronized void end(Status status) {
        if (!out.isCancelled()) {
            out.onError(status.asRuntimeException());
        }
    }

    @Override
    public synchronized void complete() {
        if (!out.isCancelled()) {
            out.onCompleted();
        }
    }
}
