package io.davylamp.core.identity;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.User;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Signs in local users with their passwords, and slows those who guess. Thread-safe. */
public final class Logins {
    private static final Duration LONGEST_FOR_ACCOUNT = Duration.ofSeconds(30);
    private static final Duration LONGEST_FOR_ADDRESS = Duration.ofMinutes(5);
    /** Comparisons at a time: each takes a processor for a quarter of a second. */
    private static final int PARALLEL = 2;

    private final Store store;
    private final SignIn signIn;
    private final Passwords passwords;
    private final Audited audit;
    private final Attempts byAccount;
    private final Attempts byAddress;
    private final Semaphore comparing = new Semaphore(PARALLEL);

    public Logins(Store store, SignIn signIn, Passwords passwords, Clock clock, Audited audit) {
        this.store = store;
        this.signIn = signIn;
        this.passwords = passwords;
        this.audit = audit;
        this.byAccount = new Attempts(clock, LONGEST_FOR_ACCOUNT);
        this.byAddress = new Attempts(clock, LONGEST_FOR_ADDRESS);
    }

    /** How an attempt ends. */
    public sealed interface Outcome {}

    public record In(SignIn.Opened opened) implements Outcome {}

    /** The name or the password is wrong; which one, nobody is told. */
    public record Wrong() implements Outcome {}

    /** Nothing was compared; the next attempt is worth something after {@code after}. */
    public record Slow(Duration after) implements Outcome {}

    /** Signs somebody in who has the password. */
    public Outcome login(String name, String password, String address) {
        Outcome outcome = compared(name, password, address);
        return outcome instanceof Right ? new In(signIn.open(Identity.local(name), address)) : outcome;
    }

    private record Right() implements Outcome {}

    private Outcome compared(String name, String password, String address) {
        String account = name.length() <= Users.MAX_NAME ? name : name.substring(0, Users.MAX_NAME);
        String network = NetworkPrefix.of(address);
        Duration wait = byAccount.due(account).compareTo(byAddress.due(network)) > 0
                ? byAccount.due(account)
                : byAddress.due(network);
        if (!wait.isZero()) {
            return new Slow(wait);
        }
        if (!comparing.tryAcquire()) {
            return new Slow(Duration.ofSeconds(1));
        }
        try {
            Optional<User> user = store.read(tx -> tx.users().byName(account));
            if (passwords.matches(password, user.map(User::passwordHash).orElse(null))) {
                byAccount.succeeded(account);
                return new Right();
            }
        } finally {
            comparing.release();
        }
        byAccount.failed(account);
        byAddress.failed(network);
        audit.note(
                new Principal(Principal.Kind.PERSON, "", account, List.of()).from(address),
                "login",
                "",
                List.of(),
                "",
                AuditEntry.Result.REFUSED,
                "the name or the password is wrong");
        return new Wrong();
    }
}
