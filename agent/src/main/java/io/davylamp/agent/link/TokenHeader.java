package io.davylamp.agent.link;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;

/** The server's token, on every call. */
final class TokenHeader {
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authentication", Metadata.ASCII_STRING_MARSHALLER);

    private TokenHeader() {}

    /** A channel whose calls carry {@code token}; the same channel when there is none. */
    static Channel on(Channel channel, String token) {
        if (token.isEmpty()) {
            return channel;
        }
        Metadata headers = new Metadata();
        headers.put(HEADER, token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
