package io.davylamp.core.identity;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.LoginCode;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Session;
import io.davylamp.core.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lets a command line sign in as somebody who is signed in in a browser, and allowed it there: with a code that counts once, for a
 * minute, and only together with what the command line alone knows. Any server of a store takes it. Thread-safe.
 *
 * <p>Source: RFC 8252 (applications on a machine with a browser); RFC 7636 (PKCE), with S256 only; docs/adr/0029.
 */
public final class LoginCodes {
    /** From the click to the command line, which waits for it. */
    public static final Duration LASTS = Duration.ofMinutes(1);

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Store store;
    private final Clock clock;
    private final Audited audit;
    private final Attempts byAddress;
    private final Secrets secrets = new Secrets();

    public LoginCodes(Store store, Clock clock, Audited audit) {
        this.store = store;
        this.clock = clock;
        this.audit = audit;
        this.byAddress = new Attempts(clock, LONGEST);
    }

    /**
     * Makes a code for the person of a session.
     *
     * @param sessionSecret of the browser that asks
     * @param challenge of the command line
     * @param host where the command line says it runs, for the audit log
     * @throws DeniedException if nobody, or no person, asks: a token lets nobody in
     * @throws InvalidAccessException if the challenge is none
     */
    public String make(Principal who, String sessionSecret, String challenge, String host) {
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw new InvalidAccessException(
                    "challenge", "challenge is no SHA-256 in base64url, which has 43 characters");
        }
        String code = secrets.next();
        long ends = clock.millis() + LASTS.toMillis();
        boolean made = who.kind() == Principal.Kind.PERSON
                && Secrets.isPossible(sessionSecret)
                && store.<Boolean>write(tx -> {
                    String sessionHash = Secrets.hash(sessionSecret);
                    boolean own = tx.sessions()
                            .byHash(sessionHash)
                            .filter(session -> Credentials.id(session).equals(who.id()))
                            .isPresent();
                    if (own) {
                        tx.loginCodes().replace(new LoginCode(Secrets.hash(code), challenge, sessionHash, ends));
                    }
                    return own;
                });
        if (!made) {
            String why = "only a person who is signed in in a browser lets davy in; sign in on the page first";
            audit.note(who, "login.allow", "", List.of(), host, AuditEntry.Result.REFUSED, why);
            throw new DeniedException(why);
        }
        audit.done(who, "login.allow", "", List.of(), host);
        return code;
    }

    /** How an attempt to sign in with a code ends. */
    public sealed interface Outcome {}

    public record In(SignIn.Opened opened) implements Outcome {}

    /** Nobody has such a code, or it came before, too late, or without what belongs to it; which one, nobody is told. */
    public record Wrong() implements Outcome {}

    /** Nothing was looked at; the next attempt is worth something after {@code after}. */
    public record Slow(Duration after) implements Outcome {}

    /** What was found of a code: a session that it opens, or why it does not. */
    private record Taken(Session session, String reason) {}

    /**
     * Opens a session that ends when the browser's session would have ended: nobody stays longer than they signed in for.
     *
     * @param verifier whose hash the code's challenge is
     */
    public Outcome redeem(String code, String verifier, String address) {
        String network = NetworkPrefix.of(address);
        Duration wait = byAddress.due(network);
        if (!wait.isZero()) {
            return new Slow(wait);
        }
        String secret = secrets.next();
        Taken taken = Secrets.isPossible(code)
                ? store.write(tx -> taken(tx, code, verifier, secret))
                : new Taken(null, "there is no such code");
        if (taken.session() == null) {
            byAddress.failed(network);
            audit.note(
                    new Principal(Principal.Kind.PERSON, "", "", List.of()).from(address),
                    "login",
                    "",
                    List.of(),
                    "",
                    AuditEntry.Result.REFUSED,
                    "davy: " + taken.reason());
            return new Wrong();
        }
        byAddress.succeeded(network);
        Session session = taken.session();
        audit.note(
                new Principal(Principal.Kind.PERSON, Credentials.id(session), session.name(), List.of()).from(address),
                "login",
                "",
                List.of(),
                session.issuer(),
                AuditEntry.Result.DONE,
                "davy");
        return new In(new SignIn.Opened(secret, session));
    }

    /** The code is gone afterwards, also when it does not fit. */
    private Taken taken(Store.Tx tx, String code, String verifier, String secret) {
        Optional<LoginCode> found = tx.loginCodes().take(Secrets.hash(code));
        if (found.isEmpty()) {
            return new Taken(null, "there is no such code, or it was used before");
        }
        long now = clock.millis();
        if (found.get().endsMillis() <= now) {
            return new Taken(null, "the code came too late");
        }
        if (!VERIFIER.matcher(verifier).matches()
                || !Secrets.isEqual(found.get().challenge(), challenge(verifier))) {
            return new Taken(null, "the code came from somebody else than it was made for");
        }
        Optional<Session> allowed = tx.sessions().byHash(found.get().sessionHash());
        if (allowed.isEmpty() || allowed.get().endsMillis() <= now) {
            return new Taken(null, "the session that allowed it has ended");
        }
        Session session = new Session(
                Secrets.hash(secret),
                allowed.get().issuer(),
                allowed.get().subject(),
                allowed.get().name(),
                allowed.get().groups(),
                now,
                now,
                allowed.get().endsMillis());
        tx.sessions().insert(session);
        return new Taken(session, "");
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Removes those that nobody used in time. Called now and then. */
    public void removeEnded() {
        store.write(tx -> tx.loginCodes().deleteEnded(clock.millis()));
    }
}
