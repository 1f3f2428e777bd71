package io.davylamp.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Session;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line signs in as somebody who allowed it in a browser. */
final class LoginCodesTest {
    /** The example of RFC 7636, appendix B. */
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final TestClock clock = new TestClock();
    private final InMemoryStore store = new InMemoryStore();
    private final List<AuditEntry> noted = new ArrayList<>();
    private final AuditLog audit = new AuditLog(store, new Ids(), clock, Duration.ofDays(1), noted::add);
    private final Sessions sessions = new Sessions(
            store, new Changes(), clock, new SessionLimits(Duration.ofHours(8), Duration.ofDays(7)), audit);
    private final Credentials credentials = new Credentials(
            store, clock, new SessionLimits(Duration.ofHours(8), Duration.ofDays(7)), GroupGrants.of("sre = admin *"));
    private final LoginCodes codes = new LoginCodes(store, clock, audit);
    /** Another server on the same store. */
    private final LoginCodes elsewhere = new LoginCodes(store, clock, audit);

    private final SignIn.Opened browser = open("s-1", "ada");
    private final Principal ada = credentials.ofSession(browser.secret()).orElseThrow();

    private SignIn.Opened open(String subject, String name) {
        return sessions.open(new Identity("https://id", subject, name, List.of("sre")), "10.0.0.1");
    }

    private String code() {
        return codes.make(ada, browser.secret(), CHALLENGE, "laptop");
    }

    @Test
    void theCommandLineIsThatPersonUntilTheBrowsersSessionWouldEnd() {
        clock.advance(Duration.ofDays(6));
        String code = code();

        LoginCodes.Outcome outcome = elsewhere.redeem(code, VERIFIER, "10.0.0.2");

        assertThat(outcome).isInstanceOfSatisfying(LoginCodes.In.class, in -> {
            Session session = in.opened().session();
            assertThat(session.endsMillis()).isEqualTo(browser.session().endsMillis());
            assertThat(credentials.ofSession(in.opened().secret()).orElseThrow())
                    .isEqualTo(ada);
            assertThat(in.opened().secret()).isNotEqualTo(browser.secret());
            clock.advance(Duration.ofDays(1));
            assertThat(credentials.ofSession(in.opened().secret())).isEmpty();
        });
        assertThat(noted)
                .extracting(AuditEntry::action, AuditEntry::name, AuditEntry::address, AuditEntry::result)
                .contains(
                        tuple("login.allow", "ada", "", AuditEntry.Result.DONE),
                        tuple("login", "ada", "10.0.0.2", AuditEntry.Result.DONE));
        assertThat(noted.toString()).doesNotContain(code).doesNotContain(VERIFIER);
    }

    @Test
    void aCodeCountsOnceAtAllServersTogether() {
        String code = code();
        assertThat(codes.redeem(code, VERIFIER, "")).isInstanceOf(LoginCodes.In.class);

        assertThat(codes.redeem(code, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);
        assertThat(elsewhere.redeem(code, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);
        assertThat(sessions()).isEqualTo(2);
    }

    private int sessions() {
        return store.read(tx -> tx.sessions().all().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", CHALLENGE, "short"})
    void whoeverHasTheCodeAndNotWhatBelongsToItGetsNothingAndSpoilsIt(String verifier) {
        String code = code();

        assertThat(codes.redeem(code, verifier, "")).isInstanceOf(LoginCodes.Wrong.class);
        assertThat(codes.redeem(code, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);
        assertThat(sessions()).isEqualTo(1);
        assertThat(noted)
                .filteredOn(each -> each.result() == AuditEntry.Result.REFUSED)
                .hasSize(2);
    }

    @Test
    void aCodeLastsAMinute() {
        String late = code();
        clock.advance(LoginCodes.LASTS);
        assertThat(codes.redeem(late, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);

        String inTime = code();
        clock.advance(LoginCodes.LASTS.minusMillis(1));
        assertThat(codes.redeem(inTime, VERIFIER, "")).isInstanceOf(LoginCodes.In.class);
    }

    @Test
    void theLastCodeThatSomebodyAllowedCounts() {
        String first = code();
        String second = code();

        assertThat(codes.redeem(first, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);
        assertThat(codes.redeem(second, VERIFIER, "")).isInstanceOf(LoginCodes.In.class);
    }

    @Test
    void aCodeOfASessionThatHasEndedIsOfNoUse() {
        String code = code();
        sessions.end(ada, browser.secret());

        assertThat(codes.redeem(code, VERIFIER, "")).isInstanceOf(LoginCodes.Wrong.class);
    }

    @Test
    void onlyAPersonWithASessionOfTheirOwnAllowsIt() {
        SignIn.Opened bens = open("s-2", "ben");
        Principal token = new Principal(Principal.Kind.TOKEN, "token:1", "ci", List.of(Grant.of("admin *")));
        Principal nobody = new Principal(Principal.Kind.PERSON, "", "nobody", List.of());

        for (Principal who : List.of(token, nobody, Principal.ANYONE)) {
            assertThatThrownBy(() -> codes.make(who, browser.secret(), CHALLENGE, ""))
                    .isInstanceOf(DeniedException.class);
        }
        assertThatThrownBy(() -> codes.make(ada, bens.secret(), CHALLENGE, "")).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> codes.make(ada, "", CHALLENGE, "")).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> codes.make(ada, browser.secret(), "plain", ""))
                .isInstanceOf(InvalidAccessException.class);
    }

    @Test
    void whoeverTriesManyCodesHasToWait() {
        for (int i = 0; i < 6; i++) {
            assertThat(codes.redeem("davy_guess" + i, VERIFIER, "10.0.0.9")).isInstanceOf(LoginCodes.Wrong.class);
        }

        assertThat(codes.redeem(code(), VERIFIER, "10.0.0.9")).isInstanceOf(LoginCodes.Slow.class);
        assertThat(codes.redeem(code(), VERIFIER, "10.0.0.8")).isInstanceOf(LoginCodes.In.class);
    }

    @Test
    void theStoreHasNoCodeAndForgetsThoseThatEnded() {
        String code = code();
        assertThat(store.<Boolean>read(tx -> tx.loginCodes().take(code).isPresent()))
                .isFalse();
        clock.advance(LoginCodes.LASTS);

        codes.removeEnded();

        assertThat(store.<Boolean>read(
                        tx -> tx.loginCodes().take(Secrets.hash(code)).isPresent()))
                .isFalse();
    }
}
