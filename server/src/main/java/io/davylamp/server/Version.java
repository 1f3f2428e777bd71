package io.davylamp.server;

/** The version of this server, from its jar. */
final class Version {
    static final String VERSION = read();

    private Version() {}

    private static String read() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
