package io.davylamp.cli;

import picocli.CommandLine.Option;

/** The options of every command that may call a server. */
final class Shared extends Output {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "the server; default: environment DAVY_SERVER, else http://127.0.0.1:12800")
    String server;

    /** Returns the options with which another command reaches the same server: a blank and the options, or an empty text. */
    String again() {
        return server == null ? "" : " --server " + server;
    }

    RestClient rest() {
        String environment = System.getenv("DAVY_SERVER");
        return new RestClient(
                server != null
                        ? server
                        : environment != null && !environment.isBlank() ? environment : "http://127.0.0.1:12800");
    }
}
