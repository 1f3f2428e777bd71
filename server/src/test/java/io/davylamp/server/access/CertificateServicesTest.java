package io.davylamp.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.netty.pkitesting.CertificateBuilder;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names in a certificate count, and for which services. */
final class CertificateServicesTest {
    private static final Instant NOW = Instant.now();

    private static X509Certificate certificate(String subject, UnaryOperator<CertificateBuilder> more)
            throws Exception {
        return more.apply(new CertificateBuilder()
                        .subject(subject)
                        .setIsCertificateAuthority(true)
                        .notBefore(NOW.minusSeconds(60))
                        .notAfter(NOW.plusSeconds(3_600)))
                .buildSelfSigned()
                .getCertificate();
    }

    private static Optional<Principal> agent(String rules, X509Certificate certificate) {
        return CertificateServices.of(rules).of(certificate, NOW);
    }

    /** The services, out of some, for which a certificate speaks. */
    private static List<String> services(String rules, X509Certificate certificate) {
        return Stream.of("shop-1", "shop-2", "search")
                .filter(service -> agent(rules, certificate)
                        .filter(agent -> agent.speaksFor(service))
                        .isPresent())
                .toList();
    }

    @Test
    void onlyTheKindOfNameThatARuleSaysCounts() throws Exception {
        X509Certificate both = certificate(
                "CN=search",
                builder -> builder.addSanDnsName("a.shop.example")
                        .addSanUriName(URI.create("spiffe://prod/ns/shop/sa/x")));

        assertThat(services("DNS:*.shop.example = shop-*", both)).containsExactly("shop-1", "shop-2");
        assertThat(services("URI:spiffe://prod/ns/shop/* = shop-1", both)).containsExactly("shop-1");
        assertThat(services("cn: search = search, DNS:A.Shop.Example=shop-1", both))
                .containsExactly("shop-1", "search");
        assertThat(services("CN:a.shop.example = shop-*, DNS:search = search, URI:search = search", both))
                .isEmpty();
        assertThat(agent("DNS:*.shop.example = shop-*", both).orElseThrow().id())
                .isEqualTo("certificate:DNS:a.shop.example");
    }

    @Test
    void aNameIsTheWholeNameUnlessARuleHasAStar() throws Exception {
        X509Certificate longer =
                certificate("CN=search-and-more", builder -> builder.addSanDnsName("shop.example.evil"));

        assertThat(services("CN:search = search, DNS:shop.example = shop-1, DNS:*.shop.example = shop-2", longer))
                .isEmpty();
    }

    @Test
    void aSubjectWithSeveralCommonNamesHasNone() throws Exception {
        X509Certificate several = certificate("CN=search,CN=other", builder -> builder);

        assertThat(services("CN:search = search", several)).isEmpty();
        assertThat(services("CN:other = search", several)).isEmpty();
    }

    @Test
    void aCommonNameIsReadFromTheSubjectAndNotFromItsText() throws Exception {
        X509Certificate tricky = certificate("O=x\\,CN\\=search,CN=other", builder -> builder);

        assertThat(services("CN:search = search", tricky)).isEmpty();
        assertThat(services("CN:other = search", tricky)).containsExactly("search");
    }

    @Test
    void aCertificateThatHasEndedSpeaksForNothing() throws Exception {
        X509Certificate certificate = certificate("CN=search", builder -> builder);
        CertificateServices rules = CertificateServices.of("CN:search = search");

        assertThat(rules.of(certificate, NOW)).isPresent();
        assertThat(rules.of(certificate, NOW.plusSeconds(3_700))).isEmpty();
        assertThat(rules.of(certificate, NOW.minusSeconds(120))).isEmpty();
    }

    @Test
    void anAgentWithACertificateSeesNothing() throws Exception {
        Principal agent = agent("CN:search = *", certificate("CN=search", builder -> builder))
                .orElseThrow();

        assertThat(agent.kind()).isEqualTo(Principal.Kind.AGENT);
        assertThat(agent.maySee("search")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "search = search",
                "CN:search",
                "CN:search =",
                "CN: = search",
                "IP:10.0.0.1 = search",
                "=CN:search",
                "CN",
            })
    void whatIsNoRuleIsRefused(String text) {
        assertThatThrownBy(() -> CertificateServices.of(text)).isInstanceOf(InvalidAccessException.class);
    }

    @Test
    void noTextIsNoRule() {
        assertThat(CertificateServices.of("").isEmpty()).isTrue();
        assertThat(CertificateServices.of(" , ").isEmpty()).isTrue();
    }
}
