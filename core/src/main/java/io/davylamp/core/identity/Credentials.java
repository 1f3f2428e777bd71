package io.davylamp.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Session;
import io.davylamp.core.access.Token;
import io.davylamp.core.access.User;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the principal of a secret. What it read is used again for a moment only, so what another server revokes is revoked here at
 * most two seconds later, also when no word of it comes. Thread-safe.
 */
public final class Credentials implements Changes.Listener {
    /** How long an answer is used again: below two seconds, with time for the question itself. */
    static final Duration AGE = Duration.ofMillis(1_500);
    /** Answers that are kept, also of secrets that nobody knows. */
    private static final int KEPT = 20_000;

    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(Credentials.class);

    private final Store store;
    private final Clock clock;
    private final SessionLimits limits;
    private final GroupGrants groups;
    private final Cache<String, Optional<Principal>> known;
    /** When the use of a secret was written, in ms by the clock: by the hash. */
    private final Cache<String, Long> noted;

    private final Seldom seldom = new Seldom();

    public Credentials(Store store, Clock clock, SessionLimits limits, GroupGrants groups) {
        this.store = store;
        this.clock = clock;
        this.limits = limits;
        this.groups = groups;
        this.known = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .expireAfterWrite(AGE)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
        this.noted = Caffeine.newBuilder().maximumSize(KEPT).build();
    }

    @Override
    public void access() {
        known.invalidateAll();
    }

    /** Finds who has the session; empty when there is none, or it is over. */
    public Optional<Principal> ofSession(String secret) {
        return of("session ", secret, this::session);
    }

    /** Finds the principal of a token of that kind; empty when there is none, or it has ended. */
    public Optional<Principal> ofToken(Token.Kind kind, String secret) {
        return of(kind + " ", secret, hash -> token(kind, hash));
    }

    /**
     * Returns the same answers if they are known without a question to the store, for threads that must not wait.
     *
     * @param kind null for a session
     * @return null when the store has to be asked
     */
    public Optional<Principal> atOnce(Token.Kind kind, String secret) {
        return Secrets.isPossible(secret)
                ? known.getIfPresent((kind == null ? "session " : kind + " ") + Secrets.hash(secret))
                : Optional.empty();
    }

    private Optional<Principal> of(String prefix, String secret, Function<String, Optional<Principal>> question) {
        if (!Secrets.isPossible(secret)) {
            return Optional.empty();
        }
        String hash = Secrets.hash(secret);
        String key = prefix + hash;
        Optional<Principal> answer = known.getIfPresent(key);
        if (answer == null) {
            answer = question.apply(hash);
            known.put(key, answer);
        }
        return answer;
    }

    private record Found(Session session, Optional<User> user) {}

    private Optional<Principal> session(String hash) {
        Optional<Found> found = store.read(tx -> tx.sessions()
                .byHash(hash)
                .map(session -> new Found(
                        session, session.isLocal() ? tx.users().byName(session.subject()) : Optional.empty())));
        if (found.isEmpty() || !Secrets.isEqual(found.get().session().hash(), hash)) {
            return Optional.empty();
        }
        Session session = found.get().session();
        long now = clock.millis();
        if (session.endsMillis() <= now
                || lastUse(hash, session.usedMillis()) < now - limits.idle().toMillis()) {
            return Optional.empty();
        }
        if (session.isLocal() && found.get().user().isEmpty()) {
            return Optional.empty();
        }
        note(hash, session.usedMillis(), tx -> tx.sessions().used(hash, now));
        List<Grant> grants = found.get().user().map(User::grants).orElseGet(() -> groups.of(session.groups()));
        return Optional.of(new Principal(Principal.Kind.PERSON, id(session), session.name(), grants));
    }

    /** The same person at the same provider has the same id, and nobody else has it. */
    static String id(Session session) {
        return id(session.issuer(), session.subject());
    }

    static String id(String issuer, String subject) {
        return issuer.isEmpty() ? "user:" + subject : "oidc:" + issuer + "#" + subject;
    }

    private Optional<Principal> token(Token.Kind kind, String hash) {
        Optional<Token> found = store.read(tx -> tx.tokens().byHash(hash));
        long now = clock.millis();
        if (found.isEmpty()
                || !Secrets.isEqual(found.get().hash(), hash)
                || found.get().kind() != kind
                || found.get().hasEnded(now)) {
            return Optional.empty();
        }
        Token token = found.get();
        note(hash, token.usedMillis(), tx -> tx.tokens().used(token.id(), now));
        return Optional.of(new Principal(
                kind == Token.Kind.AGENT ? Principal.Kind.AGENT : Principal.Kind.TOKEN,
                "token:" + token.id(),
                token.name(),
                token.grants()));
    }

    private long lastUse(String hash, long usedMillis) {
        Long here = noted.getIfPresent(hash);
        return here == null ? usedMillis : Math.max(here, usedMillis);
    }

    /** Writes a use at most once a minute; one that cannot be written is none of the caller's business. */
    private void note(String hash, long usedMillis, Consumer<Store.Tx> write) {
        long now = clock.millis();
        if (now - lastUse(hash, usedMillis) < NOTED_EVERY.toMillis()) {
            return;
        }
        noted.put(hash, now);
        try {
            store.writeSoon(tx -> {
                write.accept(tx);
                return null;
            });
        } catch (StoreException e) {
            seldom.log(
                    "use",
                    more -> log.warn("cannot note when a session or token was used: {}{}", e.getMessage(), more));
        }
    }
}
