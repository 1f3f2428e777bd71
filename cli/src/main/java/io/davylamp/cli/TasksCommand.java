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

    @Option(names = "--service", paramLabel = "NAME", description = "only tasks of this service")
    private String service;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "number of tasks, at most; default ${DEFAULT-VALUE}")
    private int limit;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new CommandException(ExitCode.USAGE, "--limit " + limit + ": at least 1");
        }
        JsonNode answer = shared.rest()
                .get("/api/v1/tasks?limit=" + limit
                        + (service == null ? "" : "&service=" + RestClient.encode(service)));
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        if (answer.get("tasks").isEmpty()) {
            Terminal.print(
                    service == null
                            ? "No task yet. Create one with `davy record SERVICE`; `davy services` lists the services."
                            : "No task of service \"" + service + "\". `davy services` lists the services.");
            return ExitCode.OK;
        }
        Table table = new Table()
                .text("TASK")
                .text("CREATED", 1)
                .text("SERVICE")
                .text("TITLE", 4)
                .number("FOR", 3)
                .text("EVENTS", 2)
                .text("INSTANCES");
        for (JsonNode task : answer.get("tasks")) {
            table.row(
                    task.get("id").asText(),
                    Ago.of(task.get("created").asText()),
                    task.get("service").asText(),
                    task.path("title").asText(),
                    task.get("durationSeconds").asText() + " s",
                    TaskText.joined(task.get("events")),
                    TaskText.states(task));
        }
        table.print();
        return ExitCode.OK;
    }
}
