package io.davylamp.server.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.CookieBuilder;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.identity.SignIn;
import java.util.Optional;

/** The cookie that carries the secret of a session: no script sees it, and no page of another site has it sent. */
public final class SessionCookie {
    static final String NAME = "davylamp_session";

    private SessionCookie() {}

    /** Returns the {@code Set-Cookie} of a new session. */
    public static String of(SignIn.Opened opened, boolean isTls) {
        return base(opened.secret(), isTls)
                .maxAge((opened.session().endsMillis() - opened.session().createdMillis()) / 1_000)
                .build()
                .toSetCookieHeader();
    }

    /** Returns the {@code Set-Cookie} that makes a browser forget its session. */
    public static String ended(boolean isTls) {
        return base("", isTls).maxAge(0).build().toSetCookieHeader();
    }

    private static CookieBuilder base(String value, boolean isTls) {
        return Cookie.secureBuilder(NAME, value)
                .path("/")
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
        return headers.cookies().stream()
                .filter(cookie -> cookie.name().equals(NAME))
                .map(Cookie::value)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
