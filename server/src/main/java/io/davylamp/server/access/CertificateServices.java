package io.davylamp.server.access;

import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.ServicePattern;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * For which services an agent speaks that shows a certificate: by a name in it. Its text is {@code DNS:*.shop.example = shop-*,
 * CN:search = search}. Each rule says which kind of name counts, because an authority may check one kind and sign any of another.
 * Immutable.
 */
public record CertificateServices(List<Rule> rules) {
    /** Names no services. */
    public static final CertificateServices NONE = new CertificateServices(List.of());

    private static final String FORM =
            "write KIND:name = services, such as \"DNS:*.shop.example = shop-*\"; kinds are CN, DNS and URI";

    /** A kind of name in a certificate. */
    public enum Kind {
        /** The common name of the subject. */
        CN(0),
        /** A host name among the alternative names. */
        DNS(2),
        /** A URI among the alternative names, such as that of SPIFFE. */
        URI(6);

        /** Of the alternative name in RFC 5280. */
        private final int tag;

        Kind(int tag) {
            this.tag = tag;
        }
    }

    /**
     * A name and the services that it stands for.
     *
     * @param name in which each {@code *} stands for any characters; of a host in lower case
     */
    public record Rule(Kind kind, ServicePattern name, ServicePattern services) {}

    public CertificateServices {
        rules = List.copyOf(rules);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** @throws InvalidAccessException if the text is no such list; the message says what one looks like */
    public static CertificateServices of(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(",")) {
            if (!part.isBlank()) {
                rules.add(rule(part.strip()));
            }
        }
        return new CertificateServices(rules);
    }

    private static Rule rule(String text) {
        int colon = text.indexOf(':');
        int equals = text.lastIndexOf('=');
        String word = colon < 0 ? "" : text.substring(0, colon).strip().toUpperCase(Locale.ROOT);
        Optional<Kind> kind = Arrays.stream(Kind.values())
                .filter(each -> each.name().equals(word))
                .findFirst();
        if (kind.isEmpty() || equals < colon) {
            throw new InvalidAccessException("\"" + text + "\" names no certificate; " + FORM);
        }
        String name = text.substring(colon + 1, equals).strip();
        return new Rule(
                kind.get(),
                new ServicePattern(kind.get() == Kind.DNS ? name.toLowerCase(Locale.ROOT) : name),
                new ServicePattern(text.substring(equals + 1).strip()));
    }

    /** Finds the agent that shows a certificate; empty when no rule has a name of it, or when it is not valid at that moment. */
    public Optional<Principal> of(X509Certificate certificate, Instant now) {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return Optional.empty();
        }
        List<Grant> grants = new ArrayList<>();
        String id = "";
        for (Rule rule : rules) {
            for (String name : names(rule.kind(), certificate)) {
                if (rule.name().matches(name)) {
                    grants.add(new Grant(Role.VIEWER, rule.services()));
                    id = id.isEmpty() ? rule.kind() + ":" + name : id;
                }
            }
        }
        return grants.isEmpty()
                ? Optional.empty()
                : Optional.of(new Principal(Principal.Kind.AGENT, "certificate:" + id, id, grants));
    }

    private static List<String> names(Kind kind, X509Certificate certificate) {
        return kind == Kind.CN ? commonName(certificate) : alternativeNames(kind, certificate);
    }

    /** None when there are several: which one an authority has checked is not known. */
    private static List<String> commonName(X509Certificate certificate) {
        try {
            List<String> names = new ArrayList<>();
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                Attribute value = part.toAttributes().get("cn");
                if (value != null) {
                    for (int i = 0; i < value.size(); i++) {
                        names.add(value.get(i) instanceof String text ? text : "");
                    }
                }
            }
            return names.size() == 1 && !names.get(0).isEmpty() ? names : List.of();
        } catch (NamingException e) {
            return List.of();
        }
    }

    private static List<String> alternativeNames(Kind kind, X509Certificate certificate) {
        Collection<List<?>> all;
        try {
            all = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return all == null
                ? List.of()
                : all.stream()
                        .filter(each -> Integer.valueOf(kind.tag).equals(each.get(0)) && each.get(1) instanceof String)
                        .map(each -> (String) each.get(1))
                        .map(name -> kind == Kind.DNS ? name.toLowerCase(Locale.ROOT) : name)
                        .toList();
    }
}
