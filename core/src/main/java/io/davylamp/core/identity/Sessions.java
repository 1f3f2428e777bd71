package io.davylamp.core.identity;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.Session;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens and ends sessions of browsers. Thread-safe. */
public final class Sessions implements SignIn {
    private final Store store;
    private final Changes changes;
    private final Clock clock;
    private final SessionLimits limits;
    private final Audited audit;
    private final Secrets secrets = new Secrets();

    public Sessions(Store store, Changes changes, Clock clock, SessionLimits limits, Audited audit) {
        this.store = store;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
        this.audit = audit;
    }

    @Override
    public Opened open(Identity identity, String address) {
        String secret = secrets.next();
        long now = clock.millis();
        Session session = new Session(
                Secrets.hash(secret),
                identity.issuer(),
                identity.subject(),
                identity.name(),
                identity.groups(),
                now,
                now,
                now + limits.whole().toMillis());
        store.write(tx -> {
            tx.sessions().insert(session);
            return null;
        });
        audit.note(
                new Principal(Principal.Kind.PERSON, Credentials.id(session), session.name(), List.of()).from(address),
                "login",
                "",
                List.of(),
                session.issuer(),
                AuditEntry.Result.DONE,
                "");
        return new Opened(secret, session);
    }

    /** Ends the session of this secret, everywhere; one that is over already is no mistake. */
    public void end(Principal who, String secret) {
        if (Secrets.isPossible(secret)
                && store.<Boolean>write(tx -> tx.sessions().delete(Secrets.hash(secret)))) {
            changes.access();
            audit.done(who, "logout", "", List.of(), "");
        }
    }

    /**
     * Somebody who is signed in, once or several times.
     *
     * @param issuer of the identity provider; empty for a local user
     * @param signedInMillis of the newest session
     */
    public record SignedIn(
            String issuer, String subject, String name, int sessions, long signedInMillis, long usedMillis) {}

    /**
     * Lists who is signed in, those who signed in last first.
     *
     * @throws DeniedException if the caller may not administer all services
     */
    public List<SignedIn> signedIn(Principal who) {
        audit.requireEverywhere(who, Role.ADMIN, "session.list", "", "listing who is signed in");
        long now = clock.millis();
        Map<String, SignedIn> people = new LinkedHashMap<>();
        for (Session session : store.read(tx -> tx.sessions().all())) {
            if (session.endsMillis() > now
                    && session.usedMillis() >= now - limits.idle().toMillis()) {
                people.merge(Credentials.id(session), one(session), Sessions::sum);
            }
        }
        return List.copyOf(people.values());
    }

    private static SignedIn one(Session session) {
        return new SignedIn(
                session.issuer(), session.subject(), session.name(), 1, session.createdMillis(), session.usedMillis());
    }

    private static SignedIn sum(SignedIn newer, SignedIn older) {
        return new SignedIn(
                newer.issuer(),
                newer.subject(),
                newer.name(),
                newer.sessions() + older.sessions(),
                newer.signedInMillis(),
                Math.max(newer.usedMillis(), older.usedMillis()));
    }

    /**
     * Ends all sessions of somebody, at all servers within two seconds; they can sign in again as long as they have a role.
     *
     * @param issuer empty for a local user
     * @return how many there were
     * @throws DeniedException if the caller may not administer all services
     */
    public int endOf(Principal who, String issuer, String subject) {
        String id = Credentials.id(issuer, subject);
        audit.requireEverywhere(who, Role.ADMIN, "session.end", id, "ending sessions");
        int ended = store.write(tx -> tx.sessions().deleteOf(issuer, subject));
        if (ended > 0) {
            changes.access();
            audit.done(who, "session.end", "", List.of(), id);
        }
        return ended;
    }

    /** Removes those that are over. Called now and then. */
    public void removeOver() {
        long now = clock.millis();
        store.write(tx -> tx.sessions().deleteOver(now, now - limits.idle().toMillis()));
    }
}
