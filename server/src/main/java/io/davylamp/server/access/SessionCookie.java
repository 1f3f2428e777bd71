package io.davylamp.server.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.CookieBuilder;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.identity.SignIn;
import java.util.Optional;

/**
 * The cookie that carries the secret of a session: no script sees it, and no page of another site has it sent. Immutable.
 *
 * @param basePath below which browsers send it: others may have the rest of the site; empty for all of it
 */
public record SessionCookie(String basePath) {
    static final String NAME = "davylamp_session";

    /** Returns the {@code Set-Cookie} of a new session. */
    public String of(SignIn.Opened opened, boolean isTls) {
        return base(opened.secret(), isTls)
                .maxAge((opened.session().endsMillis() - opened.session().createdMillis()) / 1_000)
                .build()
                .toSetCookieHeader();
    }

    /** Returns the {@code Set-Cookie} that makes a browser forget its session. */
    public String ended(boolean isTls) {
        return base("", isTls).maxAge(0).build().toSetCookieHeader();
    }

    private CookieBuilder base(String value, boolean isTls) {
        return hidden(NAME, value, basePath.isEmpty() ? "/" : basePath, isTls);
    }

    /**
     * Begins a cookie that scripts do not see. It comes along when somebody follows a link to here, and with nothing else that
     * another site makes a browser send.
     */
    public static CookieBuilder hidden(String name, String value, String path, boolean isTls) {
        return Cookie.secureBuilder(name, value)
                .path(path)
                .httpOnly(true)
                .secure(isTls)
                .sameSite("Lax");
    }

    /** Whether the browser speaks TLS with us. */
    public static boolean isTls(ServiceRequestContext context) {
        return context.sessionProtocol().isTls()
                || "https".equals(context.request().scheme());
    }

    /** Finds the secret that a browser sent. */
    public static Optional<String> secret(RequestHeaders headers) {
        return value(headers, NAME);
    }

    /** Finds the value of a cookie that a browser sent. */
    public static Optional<String> value(RequestHeaders headers, String name) {
        return headers.cookies().stream()
                .filter(cookie -> cookie.name().equals(name))
                .map(Cookie::value)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
