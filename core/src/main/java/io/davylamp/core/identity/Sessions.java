package io.davylamp.core.identity;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Session;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.util.List;

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

    /** Removes those that are over. Called now and then. */
    public void removeOver() {
        long now = clock.millis();
        store.write(tx -> tx.sessions().deleteOver(now, now - limits.idle().toMillis()));
    }
}
