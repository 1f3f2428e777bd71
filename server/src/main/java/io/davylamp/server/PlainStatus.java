package io.davylamp.server;

import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import io.davylamp.skywalking.Plain;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * How a gRPC call that failed ends, whoever ended it: the library itself, before a service saw the call, or a service. What they
 * say may name their classes, repeat whatever a stranger sent, and end in a blank that strict clients do not take in a header.
 */
final class PlainStatus implements GrpcExceptionHandlerFunction, ServerInterceptor {
    private static final GrpcExceptionHandlerFunction LIBRARY = GrpcExceptionHandlerFunction.of();

    @Override
    public Status apply(RequestContext context, Status given, Throwable cause, Metadata metadata) {
        Status status = LIBRARY.apply(context, given, cause, metadata);
        return plain(status == null ? given : status);
    }

    @Override
    public <Q, P> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
        return next.startCall(
                new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        super.close(plain(status), trailers);
                    }
                },
                headers);
    }

    private static Status plain(Status status) {
        String text = status.getDescription();
        return text == null ? status : status.withDescription(Plain.text(text));
    }
}
