package io.davylamp.server.agent;

import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import io.davylamp.core.Seldom;
import io.grpc.Metadata;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statuses of calls whose message cannot be taken, in words that say what is allowed. Thread-safe. */
public final class GrpcWords implements GrpcExceptionHandlerFunction {
    private static final Logger log = LoggerFactory.getLogger(GrpcWords.class);
    private static final String TOO_LARGE = "exceeds maximum";

    private final int messageBytes;
    private final Seldom seldom = new Seldom();

    /** @param messageBytes largest message that is taken */
    public GrpcWords(int messageBytes) {
        this.messageBytes = messageBytes;
    }

    @Override
    public Status apply(RequestContext context, Status given, Throwable cause, Metadata metadata) {
        Status status = GrpcExceptionHandlerFunction.of().apply(context, given, cause, metadata);
        if (status == null) {
            return null;
        }
        String text = status.getDescription();
        if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && text != null && text.contains(TOO_LARGE)) {
            return Status.RESOURCE_EXHAUSTED.withDescription(
                    "a message is larger than the " + messageBytes + " bytes that are allowed");
        }
        if (status.getCode() == Status.Code.UNKNOWN) {
            // Whatever reading the message threw: our handlers answer with a status of their own.
            seldom.log(
                    cause.getClass().getName(),
                    more -> log.warn("{} failed{}: {}", context.path(), more, cause.toString()));
            return Status.INVALID_ARGUMENT.withDescription("a message cannot be read");
        }
        return null;
    }
}
