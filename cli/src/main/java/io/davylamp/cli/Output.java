package io.davylamp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import picocli.CommandLine.Option;

/** The option that chooses how a command answers. */
class Output {
    @Option(names = "--json", description = "print JSON for scripts")
    boolean json;

    void printJson(Object value) {
        try {
            System.out.println(RestClient.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
