package io.davylamp.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/**
 * While we listen on loopback and have no logins, the only stranger who can reach us is a web page in the user's own browser
 * that has its host name resolve to 127.0.0.1. Such a request carries that name, and is refused.
 */
final class LocalOnly implements DecoratingHttpServiceFunction {
    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String authority = request.authority() == null ? "" : request.authority();
        String host = authority.replaceFirst(":[0-9]+$", "");
        // With a dot at its end a name is the same, only written in full.
        boolean local = host.equalsIgnoreCase("localhost")
                || host.equalsIgnoreCase("localhost.")
                || host.matches("[0-9.]+")
                || host.matches("\\[[0-9a-fA-F:.]+]");
        return local
                ? delegate.serve(context, request)
                : HttpResponse.of(
                        HttpStatus.FORBIDDEN,
                        MediaType.PLAIN_TEXT_UTF_8,
                        "This server listens on loopback and answers to localhost or an address, not to \"" + host
                                + "\".\n");
    }
}
