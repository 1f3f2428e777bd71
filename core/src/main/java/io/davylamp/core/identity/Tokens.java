package io.davylamp.core.identity;

import io.davylamp.core.Ids;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.Token;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tokens: made, listed and revoked by administrators of all services. Thread-safe. */
public final class Tokens {
    private static final int MAX_NAME = 100;
    /** Longest time after which a token ends, unless it never does. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final Store store;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final Audited audit;
    private final Secrets secrets = new Secrets();

    public Tokens(Store store, Ids ids, Changes changes, Clock clock, Audited audit) {
        this.store = store;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.audit = audit;
    }

    /**
     * A token that was made.
     *
     * @param secret shown once; nobody can find it out later
     */
    public record Made(String secret, Token token) {
        @Override
        public String toString() {
            return "Made[" + token + "]";
        }
    }

    /** @throws DeniedException if the caller may not administer all services */
    public List<Token> all(Principal who) {
        who.requireEverywhere(Role.ADMIN, "listing tokens");
        return store.read(tx -> tx.tokens().all());
    }

    /**
     * Makes a token.
     *
     * @param lasts null for one that ends only when it is revoked
     * @throws InvalidAccessException if the name is taken, or something cannot be so
     * @throws DeniedException if the caller may not administer all services
     */
    public Made make(Principal who, String name, Token.Kind kind, List<Grant> grants, Duration lasts) {
        audit.requireEverywhere(who, Role.ADMIN, "token.make", name, "making a token");
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidAccessException(
                    "name",
                    "the name of a token has 1 to " + MAX_NAME + " characters, none of them a control character");
        }
        Users.requireFew(grants);
        if (grants.isEmpty()) {
            throw new InvalidAccessException(
                    "grants",
                    "a token without grants may do nothing; give at least one, such as \"viewer checkout-*\"");
        }
        if (lasts != null && (lasts.isNegative() || lasts.isZero() || lasts.compareTo(LONGEST) > 0)) {
            throw new InvalidAccessException(
                    "lasts", "a token lasts more than 0 s and at most " + LONGEST.toDays() + " days");
        }
        String secret = secrets.next();
        long now = clock.millis();
        Token token = new Token(
                ids.next(now),
                Secrets.hash(secret),
                name,
                kind,
                List.copyOf(grants),
                who.author(),
                now,
                lasts == null ? Token.NEVER : now + lasts.toMillis(),
                0);
        if (!store.<Boolean>write(tx -> tx.tokens().insert(token))) {
            throw new InvalidAccessException(
                    "name", "there is a token \"" + name + "\" already; revoke it, or choose another name");
        }
        changes.access();
        audit.done(who, "token.make", "", List.of(), name);
        return new Made(secret, token);
    }

    /**
     * Revokes a token, at all servers within two seconds.
     *
     * @return false when there is no such token
     * @throws DeniedException if the caller may not administer all services
     */
    public boolean revoke(Principal who, String id) {
        audit.requireEverywhere(who, Role.ADMIN, "token.revoke", id, "revoking a token");
        Optional<Token> revoked = store.write(tx -> {
            Optional<Token> known = tx.tokens().byId(id);
            known.ifPresent(token -> tx.tokens().delete(id));
            return known;
        });
        revoked.ifPresent(token -> {
            changes.access();
            audit.done(who, "token.revoke", "", List.of(), token.name());
        });
        return revoked.isPresent();
    }
}
