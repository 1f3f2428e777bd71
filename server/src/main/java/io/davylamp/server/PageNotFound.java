package io.davylamp.server;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;

/**
 * Answers a person's browser that asked for an address without a page: with the page itself, which says so and leads on, and status
 * 404. Answers nothing else: programs get what the next handler says.
 */
final class PageNotFound implements ServerErrorHandler {
    private final HttpData page;
    private final String basePath;

    /** @param html of the page */
    PageNotFound(String html, String basePath) {
        page = HttpData.ofUtf8(html);
        this.basePath = basePath;
    }

    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        return null;
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            ServiceRequestContext context,
            ServiceConfig config,
            RequestHeaders headers,
            HttpStatus status,
            String description,
            Throwable cause) {
        return status.equals(HttpStatus.NOT_FOUND) && headers != null && isFromAPerson(headers)
                ? AggregatedHttpResponse.of(status, MediaType.HTML_UTF_8, page)
                : null;
    }

    private boolean isFromAPerson(RequestHeaders headers) {
        String path = headers.path();
        return headers.method() == HttpMethod.GET
                && !path.startsWith(basePath + "/api/")
                && !path.startsWith(basePath + "/ui/")
                && headers.get(HttpHeaderNames.ACCEPT, "").contains("text/html");
    }
}
