package io.davylamp.server.access;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.access.Principal;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who sent a request. A decorator of the port {@linkplain #set sets} it before any service runs; the doors pass it on to the services
 * of the domain, which decide. Immutable, thread-safe.
 */
public final class Caller {
    /** Everybody, while no sign-in is configured. */
    public static final Caller ANYONE = new Caller(Principal.ANYONE, () -> Principal.ANYONE);

    private static final AttributeKey<Caller> KEY = AttributeKey.valueOf(Caller.class, "caller");

    private final Principal principal;
    private final Supplier<Principal> again;

    /** @param again asks whose credential it is once more, for requests that stay open; {@link #nobody} when it ended */
    public Caller(Principal principal, Supplier<Principal> again) {
        this.principal = principal;
        this.again = again;
    }

    /** One who may do nothing any more: the session ended, or the token was revoked. */
    public static Principal nobody(Principal was) {
        return new Principal(was.kind(), was.id(), was.name(), List.of());
    }

    /** Returns who it was when the request came. */
    public Principal principal() {
        return principal;
    }

    /** Returns who it is now: what they may do can change while a stream is open. */
    public Principal now() {
        return again.get();
    }

    public void set(ServiceRequestContext context) {
        context.setAttr(KEY, this);
    }

    /** @throws IllegalStateException if nobody looked who sent the request: a request of nobody may do nothing */
    public static Caller of(ServiceRequestContext context) {
        Caller caller = context.attr(KEY);
        if (caller == null) {
            throw new IllegalStateException("nobody looked who sent " + context.method() + " " + context.path());
        }
        return caller;
    }

    /** The same for the request that this thread works on. */
    public static Caller current() {
        return of(ServiceRequestContext.current());
    }
}
