package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "services",
        description = "List services and how many of their instances are live.",
        mixinStandardHelpOptions = true)
final class ServicesCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Override
    public Integer call() {
        JsonNode answer = shared.rest().get("/api/v1/services");
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        if (answer.get("services").isEmpty()) {
            Terminal.print("No service yet. Bring the agent into a running JVM with `davy attach PID`,"
                    + " or start one with -javaagent:davylamp-agent.jar=service=NAME.");
            return ExitCode.OK;
        }
        Table table =
                new Table().text("SERVICE").number("LIVE").number("INSTANCES").text("LAST SEEN", 1);
        for (JsonNode service : answer.get("services")) {
            table.row(
                    service.get("name").asText(),
                    service.get("liveInstances").asText(),
                    service.get("instances").asText(),
                    Ago.of(service.get("lastSeen").asText()));
        }
        table.print();
        return ExitCode.OK;
    }
}
