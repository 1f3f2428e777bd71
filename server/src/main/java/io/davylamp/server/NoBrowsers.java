package io.davylamp.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;

/**
 * Refuses browsers at the agents' port. Agents reach a server by many names, so its host name cannot be checked: a web page whose
 * name resolves to this server (DNS rebinding) could come as an agent. A browser says with each such request that a page sends it;
 * no page can keep it from that, and no agent says so. Thread-safe.
 */
final class NoBrowsers implements DecoratingHttpServiceFunction {
    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        return request.headers().contains(HttpHeaderNames.ORIGIN)
                        || request.headers().contains("sec-fetch-site")
                ? HttpResponse.of(
                        HttpStatus.FORBIDDEN,
                        MediaType.PLAIN_TEXT_UTF_8,
                        "This port is for agents. The page is on the port of the setting http.port.\n")
                : delegate.serve(context, request);
    }
}
