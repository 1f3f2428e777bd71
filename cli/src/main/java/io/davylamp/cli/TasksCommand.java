package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "tasks", description = "List tasks, newest first.", mixinStandardHelpOptions = true)
final class TasksCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Option(names = "--service", description = "only tasks of this service")
    private String service;

    @Option(names = "--limit", defaultValue = "20", description = "at most so many; default ${DEFAULT-VALUE}")
    private int limit;

    @Override
    public Integer call() {
        JsonNode answer = shared.rest()
                .get("/api/v1/tasks?limit=" + limit
                        + (service == null ? "" : "&service=" + RestClient.encode(service)));
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        Table table = new Table().row("TASK", "CREATED", "SERVICE", "FOR", "EVENTS", "INSTANCES");
        for (JsonNode task : answer.get("tasks")) {
            table.row(
                    task.get("id").asText(),
                    task.get("created").asText(),
                    task.get("service").asText(),
                    task.get("durationSeconds").asText() + " s",
                    TaskText.joined(task.get("events")),
                    TaskText.states(task));
        }
        table.print();
        return ExitCode.OK;
    }
}
