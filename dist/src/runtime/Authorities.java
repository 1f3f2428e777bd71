import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code java Authorities.java FOLDER FILE}: makes the key store in which a Java runtime finds the authorities it trusts, of the
 * certificates (PEM, {@code *.crt}) of a folder, in the order of their names.
 */
class Authorities {
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            files = all.filter(file -> file.toString().endsWith(".crt")).sorted().collect(Collectors.toList());
        }
        if (files.isEmpty()) {
            throw new IOException("there is no certificate (*.crt) in " + arguments[0]);
        }
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                String name = file.getFileName().toString().replace(".crt", "").toLowerCase(java.util.Locale.ROOT);
                store.setCertificateEntry(name, certificates.generateCertificate(in));
            }
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
            // Java's own is opened without a password, or with this one; it protects nothing.
            store.store(out, "changeit".toCharArray());
        }
    }
}
