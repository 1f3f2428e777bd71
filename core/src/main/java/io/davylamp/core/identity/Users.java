package io.davylamp.core.identity;

import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.User;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Local users: made, changed and removed by administrators of all services. Thread-safe. */
public final class Users {
    static final int MAX_NAME = 64;

    private final Store store;
    private final Changes changes;
    private final Clock clock;
    private final Passwords passwords;
    private final Audited audit;

    public Users(Store store, Changes changes, Clock clock, Passwords passwords, Audited audit) {
        this.store = store;
        this.changes = changes;
        this.clock = clock;
        this.passwords = passwords;
        this.audit = audit;
    }

    /** @throws DeniedException if the caller may not administer all services */
    public List<User> all(Principal who) {
        who.requireEverywhere(Role.ADMIN, "listing users");
        return store.read(tx -> tx.users().all());
    }

    /**
     * Makes a user.
     *
     * @throws InvalidAccessException if the name is taken, or something cannot be so
     * @throws DeniedException if the caller may not administer all services
     */
    public User add(Principal who, String name, String password, List<Grant> grants) {
        audit.requireEverywhere(who, Role.ADMIN, "user.add", name, "adding a user");
        requireName(name);
        requireFew(grants);
        User user = new User(name, passwords.hash(password), grants, clock.millis());
        if (!store.<Boolean>write(tx -> tx.users().insert(user))) {
            throw new InvalidAccessException("name", "there is a user \"" + name + "\" already");
        }
        changes.access();
        audit.done(who, "user.add", "", List.of(), name);
        return user;
    }

    /**
     * Changes the password or the grants of a user, and ends their sessions.
     *
     * @param password null leaves it as it is
     * @param grants null leaves them as they are
     * @return empty when there is no such user
     * @throws DeniedException if the caller may not administer all services
     */
    public Optional<User> change(Principal who, String name, String password, List<Grant> grants) {
        audit.requireEverywhere(who, Role.ADMIN, "user.change", name, "changing a user");
        if (grants != null) {
            requireFew(grants);
        }
        String hash = password == null ? null : passwords.hash(password);
        Optional<User> changed = store.write(tx -> {
            Optional<User> next = tx.users()
                    .byName(name)
                    .map(user -> new User(
                            name,
                            hash == null ? user.passwordHash() : hash,
                            grants == null ? user.grants() : grants,
                            user.createdMillis()));
            next.ifPresent(user -> {
                tx.users().update(user);
                tx.sessions().deleteOf("", name);
            });
            return next;
        });
        if (changed.isPresent()) {
            changes.access();
            audit.done(who, "user.change", "", List.of(), name);
        }
        return changed;
    }

    /**
     * Removes a user and ends their sessions.
     *
     * @return false when there is no such user
     * @throws DeniedException if the caller may not administer all services
     */
    public boolean remove(Principal who, String name) {
        audit.requireEverywhere(who, Role.ADMIN, "user.remove", name, "removing a user");
        boolean removed = store.write(tx -> {
            tx.sessions().deleteOf("", name);
            return tx.users().delete(name);
        });
        if (removed) {
            changes.access();
            audit.done(who, "user.remove", "", List.of(), name);
        }
        return removed;
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9._@-]{1," + MAX_NAME + "}")) {
            throw new InvalidAccessException(
                    "name",
                    "the name of a user has 1 to " + MAX_NAME
                            + " of the characters A-Z a-z 0-9 . _ @ -; this one has others");
        }
    }

    static void requireFew(List<Grant> grants) {
        if (grants.size() > Grant.MOST) {
            throw new InvalidAccessException(
                    "grants", grants.size() + " grants; at most " + Grant.MOST + " are allowed");
        }
    }
}
