package io.davylamp.server.access;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Answers to gRPC calls that end before their service has seen them. */
public final class GrpcEnd {
    private GrpcEnd() {}

    /** The server has no thread for the call; who made it comes again. */
    public static HttpResponse overloaded() {
        return with(Status.Code.UNAVAILABLE, "the server is too slow for its load; try again later");
    }

    /**
     * The same for a call that SkyWalking's agents make: after UNAVAILABLE they would close their connection and be silent with all
     * that they do.
     */
    static HttpResponse overloadedButThere() {
        return with(Status.Code.INTERNAL, "the server is too slow for its load");
    }

    static HttpResponse with(Status.Code code, String text) {
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set("content-type", "application/grpc")
                .setInt("grpc-status", code.value())
                .set(
                        "grpc-message",
                        URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"))
                .build());
    }
}
