package io.davylamp.core.identity;

import io.davylamp.core.Ids;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people and programs did or were refused, kept for a time of its own. Thread-safe. */
public final class AuditLog implements Audited {
    /** So many entries one answer holds. */
    public static final int MOST = 1_000;

    private static final int MAX_TEXT = 500;
    private static final int MAX_INSTANCES = 1_000;
    private static final int AT_A_TIME = 1_000;
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final Store store;
    private final Ids ids;
    private final Clock clock;
    private final Duration kept;
    private final Consumer<AuditEntry> also;
    private final Seldom seldom = new Seldom();

    /** @param also gets each entry too, for systems that collect logs; must be quick and must not throw */
    public AuditLog(Store store, Ids ids, Clock clock, Duration kept, Consumer<AuditEntry> also) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.kept = kept;
        this.also = also;
    }

    @Override
    public void note(
            Principal who,
            String action,
            String service,
            List<String> instances,
            String subject,
            AuditEntry.Result result,
            String detail) {
        if (who.kind() == Principal.Kind.SYSTEM) {
            return;
        }
        long now = clock.millis();
        AuditEntry entry = new AuditEntry(
                ids.next(now),
                now,
                who.kind(),
                cut(who.id()),
                cut(who.name()),
                cut(who.address()),
                action,
                cut(service),
                instances.stream().limit(MAX_INSTANCES).map(AuditLog::cut).toList(),
                cut(subject),
                result,
                cut(detail));
        also.accept(entry);
        try {
            store.write(tx -> {
                tx.audit().insert(entry);
                return null;
            });
        } catch (StoreException e) {
            // What was done is done: the log says it at least.
            seldom.log(
                    "audit",
                    more -> log.error("the audit log cannot be written ({}): {}{}", e.getMessage(), entry, more));
        }
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /**
     * Reads the log, newest first.
     *
     * @throws DeniedException if the caller may not administer all services
     */
    public List<AuditEntry> find(Principal who, AuditQuery query) {
        requireEverywhere(who, Role.ADMIN, "audit.read", "", "reading the audit log");
        return store.read(tx -> tx.audit().find(query));
    }

    /** Removes what is older than it is kept. Called now and then. */
    public void removeOld() {
        long before = clock.millis() - kept.toMillis();
        while (store.<Integer>write(tx -> tx.audit().deleteBefore(before, AT_A_TIME)) == AT_A_TIME) {
            // more to remove
        }
    }
}
