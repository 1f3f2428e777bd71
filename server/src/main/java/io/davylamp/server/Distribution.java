package io.davylamp.server;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The folder of the download that this server runs from: with {@code bin}, {@code lib} and {@code agent}. */
final class Distribution {
    private static final String AGENT = "agent/davylamp-agent.jar";

    private Distribution() {}

    /** Its path, or an empty text for a server that runs from elsewhere, such as in a test. */
    static String home() {
        try {
            CodeSource source = Server.class.getProtectionDomain().getCodeSource();
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            Path home = jar == null || jar.getParent() == null
                    ? null
                    : jar.getParent().getParent();
            return home != null && Files.isRegularFile(home.resolve(AGENT)) ? home.toString() : "";
        } catch (URISyntaxException | IllegalArgumentException | SecurityException e) {
            return "";
        }
    }
}
