package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "task", description = "Show a task and the progress of each instance.", mixinStandardHelpOptions = true)
final class TaskCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID")
    private String id;

    @Override
    public Integer call() {
        JsonNode task = shared.rest().get("/api/v1/tasks/" + RestClient.encode(id));
        if (shared.json) {
            shared.printJson(task);
        } else {
            TaskText.print(task);
        }
        return ExitCode.OK;
    }
}
