package io.davylamp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class Shared {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "the server; default: environment DAVY_SERVER, else http://127.0.0.1:12800")
    String server;

    @Option(names = "--json", description = "print JSON for scripts")
    boolean json;

    RestClient rest() {
        String environment = System.getenv("DAVY_SERVER");
        return new RestClient(
                server != null
                        ? server
                        : environment != null && !environment.isBlank() ? environment : "http://127.0.0.1:12800");
    }

    void printJson(Object value) {
        try {
            System.out.println(RestClient.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
