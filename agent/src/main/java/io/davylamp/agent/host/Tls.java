package io.davylamp.agent.host;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;

/** The TLS of the connection to the server. Files are read again for each connection, so that they can be rotated. */
public final class Tls {
    private final boolean on;
    /** Empty names are files that are not given. */
    private final String ca;

    private final String certificate;
    private final String key;

    private Tls(boolean on, String ca, String certificate, String key) {
        this.on = on;
        this.ca = ca;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * @param on {@code true}, {@code false}; a file of authorities switches it on as well
     * @param ca PEM of the authorities to trust; empty for those of the JVM
     * @param certificate PEM of our own certificate chain; empty for none
     * @param key PEM of its key
     * @throws IllegalArgumentException naming the argument that is wrong
     */
    static Tls of(String on, String ca, String certificate, String key) {
        if (!on.equals("true") && !on.equals("false")) {
            throw new IllegalArgumentException("tls \"" + on + "\": allowed are true and false");
        }
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("certificate and key: allowed are both or neither");
        }
        boolean needed = on.equals("true") || !ca.isEmpty();
        if (!certificate.isEmpty() && !needed) {
            throw new IllegalArgumentException("certificate: allowed with tls=true or ca= only");
        }
        return new Tls(needed, ca, certificate, key);
    }

    boolean isOn() {
        return on;
    }

    public ChannelCredentials credentials() throws IOException {
        if (!on) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        if (!ca.isEmpty()) {
            credentials.trustManager(new File(ca));
        }
        if (!certificate.isEmpty()) {
            credentials.keyManager(new File(certificate), new File(key));
        }
        return credentials.build();
    }
}
