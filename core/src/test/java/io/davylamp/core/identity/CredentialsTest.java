package io.davylamp.core.identity;

import static io.davylamp.core.access.Principal.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Token;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.InMemoryStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CredentialsTest {
    private static final SessionLimits LIMITS = new SessionLimits(Duration.ofHours(8), Duration.ofDays(7));
    private static final String PASSWORD = "correct horse battery";

    private final TestClock clock = new TestClock();
    private final InMemoryStore store = new InMemoryStore();
    private final Changes changes = new Changes();
    private final List<AuditEntry> noted = new ArrayList<>();
    private final Audited audit = new AuditLog(store, new Ids(), clock, Duration.ofDays(1), noted::add);
    private final Passwords passwords = new Passwords(4);
    private final Users users = new Users(store, changes, clock, passwords, audit);
    private final Tokens tokens = new Tokens(store, new Ids(), changes, clock, audit);
    private final Sessions sessions = new Sessions(store, changes, clock, LIMITS, audit);
    private final Logins logins = new Logins(store, sessions, passwords, clock, audit);
    private final Credentials here =
            new Credentials(store, clock, LIMITS, GroupGrants.of("sre = admin *, pay = viewer pay-*"));
    /** Of another server, which hears of nothing. */
    private final Credentials elsewhere = new Credentials(store, clock, LIMITS, GroupGrants.NONE);

    CredentialsTest() {
        changes.listen(here);
    }

    private String login(String name) {
        return ((Logins.In) logins.login(name, PASSWORD, "10.0.0.1")).opened().secret();
    }

    private static List<Grant> grants(String text) {
        return List.of(Grant.of(text));
    }

    @Test
    void findsWhoHasASessionAndWhatHeMayDoNow() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer shop"));
        String secret = login("joe");

        assertThat(here.ofSession(secret)).get().satisfies(joe -> {
            assertThat(joe.id()).isEqualTo("user:joe");
            assertThat(joe.maySee("shop")).isTrue();
            assertThat(joe.maySee("search")).isFalse();
        });
        assertThat(here.ofSession(secret + "x")).isEmpty();
        assertThat(here.ofToken(Token.Kind.API, secret))
                .as("a session is no token")
                .isEmpty();
    }

    @Test
    void theGroupsOfAProviderSayWhatAPersonMayDo() {
        String sre = sessions.open(new Identity("https://id", "s-1", "Ann", List.of("sre", "other")), "")
                .secret();
        String none = sessions.open(new Identity("https://id", "s-2", "Bob", List.of("nobody")), "")
                .secret();

        assertThat(here.ofSession(sre)).get().extracting(Principal::grants).isEqualTo(grants("admin *"));
        assertThat(here.ofSession(none)).get().satisfies(bob -> {
            assertThat(bob.id()).isEqualTo("oidc:https://id#s-2");
            assertThat(bob.grants()).isEmpty();
        });
    }

    @Test
    void aPersonOfAProviderIsNotTheLocalUserOfThatName() {
        users.add(SYSTEM, "joe", PASSWORD, grants("admin *"));
        String secret = sessions.open(new Identity("https://id", "joe", "joe", List.of()), "")
                .secret();

        assertThat(here.ofSession(secret)).get().satisfies(joe -> {
            assertThat(joe.id()).isNotEqualTo("user:joe");
            assertThat(joe.maySee("shop")).isFalse();
        });
    }

    @Test
    void aSessionEndsWhenItIsIdleAndWhenItsTimeIsOver() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        String idle = login("joe");
        String used = login("joe");
        for (int hour = 0; hour < 7 * 24; hour += 7) {
            assertThat(here.ofSession(used)).as("after " + hour + " h").isPresent();
            clock.advance(Duration.ofHours(7));
        }

        assertThat(here.ofSession(used)).as("after seven days").isEmpty();
        assertThat(here.ofSession(idle)).isEmpty();
        String unused = login("joe");
        clock.advance(Duration.ofHours(8).plusMinutes(1));
        assertThat(here.ofSession(unused)).as("after eight idle hours").isEmpty();
        sessions.removeOver();
        assertThat(store.<Integer>read(tx -> tx.sessions().all().size())).isZero();
    }

    @Test
    void whatIsRevokedIsWorthNothingHereAtOnceAndElsewhereWithinTwoSeconds() {
        Tokens.Made made = tokens.make(SYSTEM, "ci", Token.Kind.API, grants("viewer *"), null);
        assertThat(here.ofToken(Token.Kind.API, made.secret())).isPresent();
        assertThat(elsewhere.ofToken(Token.Kind.API, made.secret())).isPresent();

        assertThat(tokens.revoke(SYSTEM, made.token().id())).isTrue();

        assertThat(here.ofToken(Token.Kind.API, made.secret())).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(elsewhere.ofToken(Token.Kind.API, made.secret())).isEmpty();
    }

    @Test
    void aUserWhoIsChangedOrRemovedIsOut() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        users.add(SYSTEM, "ann", PASSWORD, grants("viewer *"));
        String joe = login("joe");
        String ann = login("ann");
        assertThat(here.ofSession(joe)).isPresent();
        assertThat(here.ofSession(ann)).isPresent();

        users.change(SYSTEM, "joe", "another password", null);
        users.remove(SYSTEM, "ann");

        assertThat(here.ofSession(joe)).isEmpty();
        assertThat(here.ofSession(ann)).isEmpty();
        assertThat(logins.login("joe", PASSWORD, "10.0.0.1")).isInstanceOf(Logins.Wrong.class);
        assertThat(logins.login("joe", "another password", "10.0.0.1")).isInstanceOf(Logins.In.class);
    }

    @Test
    void aTokenEndsAndIsGoodForItsKindOnly() {
        Tokens.Made made = tokens.make(SYSTEM, "ci", Token.Kind.AGENT, grants("viewer shop"), Duration.ofHours(1));

        assertThat(here.ofToken(Token.Kind.AGENT, made.secret()))
                .get()
                .satisfies(agent -> assertThat(agent.speaksFor("shop")).isTrue());
        assertThat(here.ofToken(Token.Kind.API, made.secret())).isEmpty();
        assertThat(here.ofSession(made.secret())).isEmpty();
        clock.advance(Duration.ofHours(1));
        assertThat(here.ofToken(Token.Kind.AGENT, made.secret())).isEmpty();
    }

    @Test
    void theUseOfATokenIsWrittenAtMostOnceAMinute() {
        Tokens.Made made = tokens.make(SYSTEM, "ci", Token.Kind.API, grants("viewer *"), null);
        clock.advance(Duration.ofMinutes(1));
        long first = clock.millis();
        for (int i = 0; i < 29; i++) {
            here.ofToken(Token.Kind.API, made.secret());
            clock.advance(Duration.ofSeconds(2));
        }
        assertThat(used(made)).isEqualTo(first);

        clock.advance(Duration.ofSeconds(2));
        here.ofToken(Token.Kind.API, made.secret());
        assertThat(used(made)).isEqualTo(first + 60_000);
    }

    private long used(Tokens.Made made) {
        return store.read(
                tx -> tx.tokens().byId(made.token().id()).orElseThrow().usedMillis());
    }

    @Test
    void theStoreHasNoSecret() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        String session = login("joe");
        Tokens.Made made = tokens.make(SYSTEM, "ci", Token.Kind.API, grants("viewer *"), null);

        String all = store.read(tx -> tx.users().byName("joe").orElseThrow().passwordHash()
                + tx.sessions().all().get(0).hash()
                + tx.tokens().all().get(0).hash()
                + tx.users().all()
                + tx.sessions().all()
                + tx.tokens().all()
                + tx.audit().find(AuditQuery.newest(100)));
        assertThat(all).doesNotContain(PASSWORD, session, made.secret());
        assertThat(made.toString() + noted)
                .doesNotContain(made.secret(), made.token().hash());
    }

    @Test
    void refusesPasswordsThatAreTooShortOrLongerThanTheHashLooksAt() {
        for (String password : List.of("", "short", "x".repeat(73), "é".repeat(37), "null\0in between")) {
            assertThatThrownBy(() -> users.add(SYSTEM, "joe", password, grants("viewer *")))
                    .isInstanceOf(InvalidAccessException.class);
        }
        users.add(SYSTEM, "joe", "x".repeat(72), grants("viewer *"));
        assertThat(logins.login("joe", "x".repeat(73), "a")).isInstanceOf(Logins.Wrong.class);
        assertThat(logins.login("joe", "", "a")).isInstanceOf(Logins.Wrong.class);
        assertThat(logins.login("nobody", "impossible", "a")).isInstanceOf(Logins.Wrong.class);
        assertThat(logins.login("nobody", "nobody has this password", "a")).isInstanceOf(Logins.Wrong.class);
    }

    @Test
    void anUnknownNameTakesAsLongAsAWrongPassword() {
        // A comparison that takes so much longer than all else that it alone is measured.
        Passwords slow = new Passwords(9);
        new Users(store, changes, clock, slow, audit).add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        Logins measured = new Logins(store, sessions, slow, clock, audit);
        cpuNanos(measured, "joe", "wrong");

        long known = cpuNanos(measured, "joe", "wrong");

        assertThat(cpuNanos(measured, "nobody", "wrong")).isGreaterThan(known / 4);
        assertThat(cpuNanos(measured, "joe", "x".repeat(80)))
                .as("one that is too long to be right")
                .isGreaterThan(known / 4);
    }

    private static long cpuNanos(Logins of, String name, String password) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        assertThat(of.login(name, password, "10.0.0.1")).isInstanceOf(Logins.Wrong.class);
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }

    @Test
    void guessesAreSlowedPerAccountAndPerAddress() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        for (int i = 0; i < 6; i++) {
            assertThat(logins.login("joe", "wrong", "10.0.0." + i)).isInstanceOf(Logins.Wrong.class);
        }
        assertThat(logins.login("joe", PASSWORD, "10.0.0.99")).as("the account").isInstanceOf(Logins.Slow.class);
        clock.advance(Duration.ofSeconds(2));
        assertThat(logins.login("joe", PASSWORD, "10.0.0.99")).isInstanceOf(Logins.In.class);

        for (int i = 0; i < 6; i++) {
            assertThat(logins.login("user" + i, "wrong", "10.9.9.9")).isInstanceOf(Logins.Wrong.class);
        }
        assertThat(logins.login("joe", PASSWORD, "10.9.9.9")).as("the address").isInstanceOf(Logins.Slow.class);
        for (int i = 0; i < 6; i++) {
            assertThat(logins.login("other" + i, "wrong", "2001:db8::" + i)).isInstanceOf(Logins.Wrong.class);
        }
        assertThat(logins.login("joe", PASSWORD, "2001:db8::ffff"))
                .as("the network of one customer")
                .isInstanceOf(Logins.Slow.class);
        assertThat(logins.login("joe", PASSWORD, "10.0.0.99")).isInstanceOf(Logins.In.class);
    }

    @Test
    void whoGuessesLocksNobodyOutForLong() {
        users.add(SYSTEM, "joe", PASSWORD, grants("viewer *"));
        for (int i = 0; i < 40; i++) {
            var unused = logins.login("joe", "wrong", "10.0.1." + i);
            clock.advance(Duration.ofSeconds(30));
        }

        assertThat(logins.login("joe", PASSWORD, "10.0.0.1")).isInstanceOf(Logins.In.class);
    }

    @Test
    void onlyAdministratorsOfAllServicesManageUsersAndTokensAndReadTheLog() {
        Principal scoped = new Principal(Principal.Kind.PERSON, "user:x", "x", grants("admin shop-*"));
        AuditLog log = (AuditLog) audit;

        assertThatThrownBy(() -> users.add(scoped, "y", PASSWORD, grants("admin *")))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> users.change(scoped, "x", null, grants("admin *")))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> users.remove(scoped, "x")).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> users.all(scoped)).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> tokens.make(scoped, "t", Token.Kind.API, grants("admin *"), null))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> tokens.revoke(scoped, "t")).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> tokens.all(scoped)).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> log.find(scoped, AuditQuery.newest(1))).isInstanceOf(DeniedException.class);
        assertThat(noted)
                .extracting(AuditEntry::action, AuditEntry::result)
                .contains(
                        tuple("token.make", AuditEntry.Result.REFUSED), tuple("audit.read", AuditEntry.Result.REFUSED));
    }

    @Test
    void theLogForgetsWhatIsOlderThanItIsKept() {
        AuditLog log = (AuditLog) audit;
        Principal joe = new Principal(Principal.Kind.PERSON, "user:joe", "joe", List.of(), "10.1.1.1");
        for (int i = 0; i < 2_500; i++) {
            log.done(joe, "task.create", "shop", List.of("shop-1"), "t" + i);
        }
        clock.advance(Duration.ofDays(1).plusMillis(1));
        log.done(joe, "task.stop", "shop", List.of("shop-1"), "last");

        log.removeOld();

        assertThat(log.find(SYSTEM, AuditQuery.newest(10))).singleElement().satisfies(entry -> {
            assertThat(entry.subject()).isEqualTo("last");
            assertThat(entry.address()).isEqualTo("10.1.1.1");
        });
    }

    @Test
    void refusesGroupsThatNameNoRole() {
        for (String text : List.of("sre", "= admin *", "sre = root *", "sre = admin")) {
            assertThatThrownBy(() -> GroupGrants.of(text)).isInstanceOf(InvalidAccessException.class);
        }
        assertThat(GroupGrants.of(" ")).isEqualTo(GroupGrants.NONE);
        assertThat(Optional.of(GroupGrants.of("cn=sre = admin *").of(List.of("cn=sre"))))
                .contains(grants("admin *"));
    }
}
