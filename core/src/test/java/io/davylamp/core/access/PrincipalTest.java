package io.davylamp.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PrincipalTest {
    private static Principal person(String... grants) {
        return new Principal(
                Principal.Kind.PERSON,
                "user:joe",
                "joe",
                Stream.of(grants).map(Grant::of).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "checkout-*, checkout-api, true",
        "checkout-*, checkout-, true",
        "checkout-*, checkout, false",
        "checkout-*, my-checkout-api, false",
        "*-api, checkout-api, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, a-c-b, false",
        "checkout, checkout, true",
        "checkout, Checkout, false",
        "checkout, checkout-api, false",
        "sh.p, shop, false",
        "*, '', true",
        "**, anything, true",
    })
    void aStarStandsForAnyCharactersAndNothingElseDoes(String pattern, String service, boolean matches) {
        assertThat(new ServicePattern(pattern).matches(service)).isEqualTo(matches);
    }

    @Test
    @Timeout(10)
    void aPatternOfManyStarsIsQuick() {
        assertThat(new ServicePattern("*a".repeat(99) + "b").matches("a".repeat(100_000)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "profiler", "root *", "viewer a,b", "viewer a\nb", "PROFILER *"})
    void refusesWhatIsNoGrant(String text) {
        assertThatThrownBy(() -> Grant.of(text)).isInstanceOf(InvalidAccessException.class);
    }

    @Test
    void readsBackTheGrantsThatItWrites() {
        List<Grant> grants = List.of(Grant.of("profiler checkout-*"), Grant.of("viewer  two words"));

        assertThat(Grant.ofLines(Grant.lines(grants))).isEqualTo(grants);
        assertThat(Grant.ofLines("")).isEmpty();
    }

    @Test
    void aRoleHoldsForItsServicesOnlyAndIncludesTheLesserOnes() {
        Principal joe = person("profiler checkout-*", "viewer *");

        assertThat(joe.may(Role.PROFILER, "checkout-api")).isTrue();
        assertThat(joe.may(Role.ADMIN, "checkout-api")).isFalse();
        assertThat(joe.may(Role.PROFILER, "search")).isFalse();
        assertThat(joe.maySee("search")).isTrue();
        assertThat(joe.mayEverywhere(Role.VIEWER)).isTrue();
        assertThat(joe.mayEverywhere(Role.PROFILER)).isFalse();
        assertThat(joe.maySomewhere(Role.PROFILER)).isTrue();
        assertThat(person().maySee("search")).isFalse();
    }

    @Test
    void anAgentSpeaksForItsServicesAndSeesNothing() {
        Principal agent =
                new Principal(Principal.Kind.AGENT, "token:1", "checkout", List.of(Grant.of("admin checkout-*")));

        assertThat(agent.speaksFor("checkout-api")).isTrue();
        assertThat(agent.speaksFor("search")).isFalse();
        assertThat(agent.maySee("checkout-api")).isFalse();
        assertThat(agent.mayEverywhere(Role.VIEWER)).isFalse();
        assertThat(agent.maySomewhere(Role.VIEWER)).isFalse();
        assertThat(person("admin *").speaksFor("checkout-api")).isFalse();
    }

    @Test
    void aRefusalNamesTheRoleThatIsMissing() {
        assertThatThrownBy(() -> person("viewer shop").require(Role.PROFILER, "shop", "starting a task"))
                .isInstanceOf(DeniedException.class)
                .hasMessage("starting a task needs the role profiler for service \"shop\", which joe does not have;"
                        + " an administrator can grant it");
    }
}
