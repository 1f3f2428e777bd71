package io.davylamp.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A certificate of the webhook's own, signed by itself, for clusters without cert-manager. The JDK's keytool makes it; it is part
 * of the smallest runtime, too, where its launcher may be missing.
 */
final class WebhookCertificate {
    static final String CERTIFICATE_FILE = "tls.crt";
    static final String KEY_FILE = "tls.key";
    private static final String KEYTOOL = "sun.security.tools.keytool.Main";
    private static final String ALIAS = "webhook";
    private static final int DAYS = 3650;
    private static final int PATIENCE_SECONDS = 60;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final byte[] certificate;

    private WebhookCertificate(byte[] certificate) {
        this.certificate = certificate;
    }

    /**
     * Writes a new certificate and its key into a folder.
     *
     * @param hosts the names under which the API server calls the webhook
     * @throws StartException if a name is none, if the files are there already, or if the JDK cannot make it
     */
    static WebhookCertificate create(Path folder, List<String> hosts) throws IOException {
        for (String host : hosts) {
            if (!HOST.matcher(host).matches()) {
                throw new StartException("\"" + host + "\" is no host name");
            }
        }
        Files.createDirectories(folder);
        for (String file : List.of(CERTIFICATE_FILE, KEY_FILE)) {
            if (Files.exists(folder.resolve(file))) {
                throw new StartException(folder.resolve(file) + " exists already; remove it, or name another folder");
            }
        }
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        Path work = Files.createTempDirectory("davylamp-webhook"); // nobody else may read it
        Path store = work.resolve("store.p12");
        try {
            keytool(store, password, hosts);
            KeyStore made = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                made.load(in, password.toCharArray());
            }
            byte[] certificate = pem("CERTIFICATE", made.getCertificate(ALIAS).getEncoded());
            byte[] key = pem(
                    "PRIVATE KEY", made.getKey(ALIAS, password.toCharArray()).getEncoded());
            write(folder.resolve(CERTIFICATE_FILE), "rw-r--r--", certificate);
            write(folder.resolve(KEY_FILE), "rw-------", key);
            return new WebhookCertificate(certificate);
        } catch (GeneralSecurityException e) {
            throw new StartException("the certificate cannot be made: " + e.getMessage());
        } finally {
            Files.deleteIfExists(store);
            Files.deleteIfExists(work);
        }
    }

    /** As the field caBundle of a MutatingWebhookConfiguration has it. */
    String caBundle() {
        return Base64.getEncoder().encodeToString(certificate);
    }

    private static void keytool(Path store, String password, List<String> hosts) throws IOException {
        String names = hosts.stream()
                .map(host -> (ADDRESS.matcher(host).matches() ? "ip:" : "dns:") + host)
                .collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                KEYTOOL,
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                String.valueOf(DAYS),
                "-dname",
                "CN=davylamp-webhook",
                "-ext",
                "SAN=" + names,
                "-ext",
                "EKU=serverAuth",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                // In the environment: others see arguments.
                "-storepass:env",
                "DAVYLAMP_STORE_PASSWORD"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DAVYLAMP_STORE_PASSWORD", password);
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new StartException("keytool cannot make the certificate: " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new StartException("making the certificate was interrupted");
        }
    }

    private static byte[] pem(String kind, byte[] encoded) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return ("-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(Path file, String permissions, byte[] bytes) throws IOException {
        Set<OpenOption> isNew = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(
                file, isNew, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
            channel.write(java.nio.ByteBuffer.wrap(bytes));
        } catch (FileAlreadyExistsException e) {
            throw new StartException(file + " exists already; remove it, or name another folder");
        }
    }
}
