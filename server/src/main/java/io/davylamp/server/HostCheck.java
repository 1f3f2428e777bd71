package io.davylamp.server;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.Set;

/**
 * Answers only to the server's own names. A web page anywhere can have its host name resolve to this server's address (DNS
 * rebinding); the browser then takes the server for a part of that page, but sends the page's host name. Thread-safe.
 */
final class HostCheck implements DecoratingHttpServiceFunction {
    private final Set<String> names;

    /** @param names host names besides localhost and addresses, in lower case */
    HostCheck(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String authority = request.authority() == null ? "" : request.authority();
        String host = authority.replaceFirst(":[0-9]+$", "");
        return isOwn(host)
                ? delegate.serve(context, request)
                : HttpResponse.of(
                        HttpStatus.FORBIDDEN,
                        MediaType.PLAIN_TEXT_UTF_8,
                        "This server answers to localhost, to an address and to the names in its setting http.hosts, not to \""
                                + host + "\".\n");
    }

    private boolean isOwn(String host) {
        // With a dot at its end a name is the same, only written in full.
        String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        // An address that a browser was sent to is no name that somebody else's server could answer for.
        return name.equals("localhost")
                || names.contains(name)
                || host.matches("[0-9.]+")
                || host.matches("\\[[0-9a-fA-F:.]+]");
    }
}
