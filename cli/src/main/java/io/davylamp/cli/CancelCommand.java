package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "Cancel a task on all instances that have not delivered yet.",
        mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID")
    private String id;

    @Override
    public Integer call() {
        JsonNode task = shared.rest().post("/api/v1/tasks/" + RestClient.encode(id) + "/cancel", Map.of());
        if (shared.json) {
            shared.printJson(task);
        } else {
            TaskText.print(task);
        }
        return ExitCode.OK;
    }
}
