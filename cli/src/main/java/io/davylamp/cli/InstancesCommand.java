package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "instances", description = "List the instances of a service.", mixinStandardHelpOptions = true)
final class InstancesCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "SERVICE")
    private String service;

    @Override
    public Integer call() {
        JsonNode answer = shared.rest().get("/api/v1/services/" + RestClient.encode(service) + "/instances");
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        Table table = new Table().row("INSTANCE", "LIVE", "HOST", "PID", "JAVA", "LAST SEEN", "CANNOT BE PROFILED");
        for (JsonNode instance : answer.get("instances")) {
            JsonNode properties = instance.get("properties");
            table.row(
                    instance.get("name").asText(),
                    instance.get("live").asBoolean() ? "yes" : "no",
                    properties.path("host").asText(),
                    properties.path("pid").asText(),
                    properties.path("java").asText(),
                    instance.get("lastSeen").asText(),
                    instance.get("unable").asText());
        }
        table.print();
        return ExitCode.OK;
    }
}
