package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses by its headers what no handler of this port takes, before anything reads the body: a page of another site that wants
 * more than a link to here, a body of another type, and one that is packed. In front of everything, because the HTTP library reads
 * forms and their files before a handler is asked. Thread-safe.
 */
public final class RequestCheck implements DecoratingHttpServiceFunction {
    private static final String FILES = "/api/v1/files";
    /** Content encodings of packed recordings; the reader of the file unpacks it. */
    private static final Set<String> PACKED_FILES = Set.of("gzip", "x-gzip", "zstd");

    private final Set<String> origins;

    /** @param origins of pages besides our own that may send requests, such as {@code https://davy.example} */
    public RequestCheck(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        RequestHeaders headers = request.headers();
        if (isOfAnotherSite(headers) && !isLink(headers)) {
            return Json.problem(Problem.of(
                    HttpStatus.FORBIDDEN,
                    "a page of another site (" + headers.get(HttpHeaderNames.ORIGIN, "unknown")
                            + ") may not send this; the setting http.origins lists the sites that may, and a proxy in front of"
                            + " this server must pass on Host, or set X-Forwarded-Host and be named by http.proxies"));
        }
        boolean file =
                headers.method() == HttpMethod.POST && context.mappedPath().equals(FILES);
        MediaType wanted = file ? MediaType.OCTET_STREAM : MediaType.JSON.withoutParameters();
        if (!isTypeTaken(headers, wanted)) {
            return Json.problem(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type must be " + wanted + ", it is " + shown(headers.get(HttpHeaderNames.CONTENT_TYPE))));
        }
        String coding =
                headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity").trim().toLowerCase(Locale.ROOT);
        if (!coding.equals("identity") && !(file && PACKED_FILES.contains(coding))) {
            return Json.problem(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding must be identity" + (file ? ", gzip or zstd" : "") + ", it is " + shown(coding)));
        }
        return delegate.serve(context, request);
    }

    private static boolean isTypeTaken(RequestHeaders headers, MediaType wanted) {
        MediaType type = headers.contentType();
        if (headers.method() == HttpMethod.POST) {
            return type != null && type.is(wanted);
        }
        if (type == null) {
            return !headers.contains(HttpHeaderNames.CONTENT_TYPE);
        }
        return !type.isMultipart() && !type.is(MediaType.FORM_DATA.withoutParameters());
    }

    /** Enough to recognize it. */
    private static String shown(String value) {
        return value == null ? "missing" : value.length() <= 100 ? value : value.substring(0, 100) + "...";
    }

    /**
     * A link on another site that somebody follows, which changes nothing here and of which that site learns nothing. What a
     * page loads instead, such as a live stream, is not followed.
     */
    private static boolean isLink(RequestHeaders headers) {
        return (headers.method() == HttpMethod.GET || headers.method() == HttpMethod.HEAD)
                && "navigate".equals(headers.get("sec-fetch-mode"))
                && "document".equals(headers.get("sec-fetch-dest"));
    }

    /** A browser says which page asks; nothing else sends these headers, and no page can change them. */
    private boolean isOfAnotherSite(RequestHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null && origins.contains(origin)) {
            return false;
        }
        String site = headers.get("sec-fetch-site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        return origin != null && !isAt(origin, headers.authority());
    }

    private static boolean isAt(String origin, String authority) {
        int scheme = origin.indexOf("://");
        if (scheme < 0 || authority == null) {
            return false;
        }
        String port = origin.startsWith("https:") ? ":443" : ":80";
        return withPort(origin.substring(scheme + 3), port).equalsIgnoreCase(withPort(authority, port));
    }

    private static String withPort(String authority, String port) {
        return authority.matches(".*:[0-9]+") ? authority : authority + port;
    }
}
