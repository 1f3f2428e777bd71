package io.davylamp.server;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import io.netty.handler.ssl.ClientAuth;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a port, from PEM files that are read again when they change: a renewed certificate needs no restart. Files
 * that cannot be used later keep the certificate that was read before. Thread-safe.
 */
final class TlsFiles implements TlsProvider {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);
    private static final byte[] PROBE = {'t', 'e', 's', 't'};

    private final String name;
    private final Path certificate;
    private final Path key;
    /** Null when clients need no certificate. */
    private final Path clientCa;

    private volatile Read read;
    /** The state of files that could not be used. */
    private List<String> complained = List.of();

    /** What the files had. */
    private record Read(List<String> stamps, TlsKeyPair pair, List<X509Certificate> authorities) {}

    private TlsFiles(String name, Path certificate, Path key, Path clientCa) {
        this.name = name;
        this.certificate = certificate;
        this.key = key;
        this.clientCa = clientCa;
    }

    /**
     * @param port the first word of the settings' names
     * @param clientCa empty when clients need no certificate
     * @return empty when no certificate is set
     * @throws StartException if only one of certificate and key is set, or a file cannot be used
     */
    static Optional<TlsFiles> of(String port, String certificate, String key, String clientCa) {
        String name = port + ".tls";
        if (certificate.isEmpty() && key.isEmpty()) {
            if (!clientCa.isEmpty()) {
                throw new StartException(name + ".client-ca is set without " + name + ".certificate and " + name
                        + ".key: without TLS nobody shows a certificate");
            }
            return Optional.empty();
        }
        readable(name, "certificate", certificate);
        readable(name, "key", key);
        if (!clientCa.isEmpty()) {
            readable(name, "client-ca", clientCa);
        }
        TlsFiles files =
                new TlsFiles(name, Path.of(certificate), Path.of(key), clientCa.isEmpty() ? null : Path.of(clientCa));
        try {
            files.read = files.read();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new StartException(name + ".certificate = \"" + certificate + "\", " + name + ".key = \"" + key
                    + "\": " + words(e) + "; both are PEM files, the key is PKCS#8 without a password");
        }
        return Optional.of(files);
    }

    private static void readable(String name, String word, String path) {
        if (path.isEmpty() || !new File(path).canRead()) {
            throw new StartException("setting " + name + "." + word + " = \"" + path
                    + "\" is no file that can be read; " + name + ".certificate and " + name + ".key go together");
        }
    }

    /** The protocol of a port with or without these. */
    static SessionProtocol protocol(Optional<TlsFiles> files) {
        return files.isPresent() ? SessionProtocol.HTTPS : SessionProtocol.HTTP;
    }

    void configure(ServerBuilder builder) {
        builder.tlsProvider(
                this,
                ServerTlsConfig.builder()
                        .clientAuth(clientCa == null ? ClientAuth.NONE : ClientAuth.REQUIRE)
                        .tlsCustomizer(tls -> tls.protocols("TLSv1.3", "TLSv1.2"))
                        .build());
    }

    @Override
    public TlsKeyPair keyPair(String hostname) {
        return read.pair();
    }

    @Override
    public List<X509Certificate> trustedCertificates(String hostname) {
        return read.authorities();
    }

    /** Reads the files again if they changed. Called every few seconds. */
    synchronized void look() {
        try {
            if (stamps().equals(read.stamps())) {
                return;
            }
            read = read();
            log.info("{}: the certificate was read again from {}", name, certificate);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // A key and a certificate are two files: between two writes they do not fit. Said once for each state of
            // the files.
            List<String> now = stampsOrNone();
            if (!now.equals(complained)) {
                complained = now;
                log.warn("{}: the changed files cannot be used, the certificate from before stays: {}", name, words(e));
            }
        }
    }

    private List<String> stampsOrNone() {
        try {
            return stamps();
        } catch (IOException e) {
            return List.of("missing");
        }
    }

    private List<String> stamps() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (Path file : clientCa == null ? List.of(certificate, key) : List.of(certificate, key, clientCa)) {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
        }
        return stamps;
    }

    private Read read() throws IOException, GeneralSecurityException {
        List<String> stamps = stamps();
        TlsKeyPair pair = TlsKeyPair.of(key.toFile(), certificate.toFile());
        requireFit(pair.privateKey(), pair.certificateChain().get(0));
        return new Read(stamps, pair, clientCa == null ? List.of() : authorities());
    }

    private List<X509Certificate> authorities() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(clientCa)) {
            List<X509Certificate> all = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (all.isEmpty()) {
                throw new GeneralSecurityException(clientCa + " has no certificate");
            }
            return all;
        }
    }

    private static void requireFit(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String kind = certificate.getPublicKey().getAlgorithm();
        // Libraries give keys of their own, which call themselves otherwise than the JDK's do.
        PrivateKey own = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
        Signature signature = Signature.getInstance(
                switch (kind) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> kind;
                });
        signature.initSign(own);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not the certificate's");
        }
    }

    /** The message of what went wrong; of a library's wrapper that says nothing, the one below. */
    private static String words(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
