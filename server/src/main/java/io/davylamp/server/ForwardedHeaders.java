package io.davylamp.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.server.ClientAddressSource;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ProxiedAddresses;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.server.settings.Networks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells the client's address, scheme and host name behind reverse proxies. {@code X-Forwarded-For}, {@code -Proto} and {@code
 * -Host} count only when the connection comes from a proxy of the setting; anybody can send them. Handlers find the result in
 * {@link ServiceRequestContext#clientAddress}, {@link RequestHeaders#scheme} and {@link RequestHeaders#authority}, and never see
 * the headers themselves. Thread-safe.
 */
final class ForwardedHeaders implements DecoratingHttpServiceFunction {
    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";
    private static final String HOST = "x-forwarded-host";
    private static final List<String> ALL = List.of(
            FOR, PROTO, HOST, "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-server", "x-real-ip", "forwarded");
    /** A name or an address, and a port: nothing that ends a host name in an address or a header. */
    private static final Pattern AUTHORITY =
            Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

    private final Networks proxies;

    ForwardedHeaders(Networks proxies) {
        this.proxies = proxies;
    }

    void configure(ServerBuilder builder) {
        builder.clientAddressSources(ClientAddressSource.ofHeader(FOR));
        builder.clientAddressTrustedProxyFilter(proxies::contains);
        builder.clientAddressMapper(this::client);
        builder.decorator(this);
    }

    /** The last address that no proxy of ours has: what stands before it, the client may have written. */
    private InetSocketAddress client(ProxiedAddresses addresses) {
        List<InetSocketAddress> path = new ArrayList<>();
        path.add(addresses.sourceAddress());
        path.addAll(addresses.destinationAddresses());
        for (int i = path.size() - 1; i > 0; i--) {
            InetAddress address = path.get(i).getAddress();
            if (address == null || !proxies.contains(address)) {
                return path.get(i);
            }
        }
        return path.get(0);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        RequestHeaders given = request.headers();
        RequestHeadersBuilder headers = given.toBuilder();
        ALL.forEach(headers::remove);
        if (isProxy(context)) {
            String scheme = value(given, PROTO);
            if (scheme != null) {
                if (!scheme.equals("http") && !scheme.equals("https")) {
                    return malformed("X-Forwarded-Proto of the proxy must be http or https");
                }
                headers.scheme(scheme);
            }
            String authority = value(given, HOST);
            if (authority != null) {
                headers.authority(authority);
            }
        }
        String authority = headers.authority();
        if (authority != null && !AUTHORITY.matcher(authority).matches()) {
            return malformed("the host name of the request is malformed");
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return malformed("a request has Content-Length or Transfer-Encoding, not both");
        }
        HttpRequest seen = request.withHeaders(headers.build());
        context.updateRequest(seen);
        return delegate.serve(context, seen);
    }

    private boolean isProxy(ServiceRequestContext context) {
        InetSocketAddress remote = context.remoteAddress();
        return remote != null && remote.getAddress() != null && proxies.contains(remote.getAddress());
    }

    /**
     * The value that the proxy nearest to the client wrote, if each of ours appends one; null without any. Proxies count by the
     * addresses in {@code X-Forwarded-For}: further values to the left came from the client.
     */
    private String value(RequestHeaders headers, String name) {
        List<String> values = split(headers, name);
        if (values.isEmpty()) {
            return null;
        }
        int hops = 1;
        List<String> path = split(headers, FOR);
        for (int i = path.size() - 1; i > 0 && isProxy(path.get(i)); i--) {
            hops++;
        }
        return values.get(values.size() - Math.min(values.size(), hops));
    }

    private boolean isProxy(String address) {
        return Networks.address(address).filter(proxies::contains).isPresent();
    }

    private static List<String> split(RequestHeaders headers, String name) {
        return headers.getAll(name).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::trim)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private static HttpResponse malformed(String words) {
        return HttpResponse.of(HttpStatus.BAD_REQUEST, MediaType.PLAIN_TEXT_UTF_8, words + ".\n");
    }
}
