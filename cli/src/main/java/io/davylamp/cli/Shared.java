package io.davylamp.cli;

import java.net.URI;
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

    /** The server that is meant. */
    URI address() {
        String environment = System.getenv("DAVY_SERVER");
        return RestClient.address(
                server != null
                        ? server
                        : environment != null && !environment.isBlank() ? environment : "http://127.0.0.1:12800");
    }

    /** Calls the server with the token of the environment, else as whoever signed in there with `davy login`. */
    RestClient rest() {
        URI address = address();
        String token = System.getenv(Credential.VARIABLE);
        return new RestClient(
                address,
                token != null && !token.isBlank()
                        ? Credential.of(false, token.strip(), Credential.VARIABLE)
                        : SavedLogins.ofUser().of(address).orElse(null));
    }
}
