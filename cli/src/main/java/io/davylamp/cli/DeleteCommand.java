package io.davylamp.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Delete a task with its recordings and profiles.",
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID")
    private String id;

    @Override
    public Integer call() {
        shared.rest().delete("/api/v1/tasks/" + RestClient.encode(id));
        if (shared.json) {
            shared.printJson(Map.of("deleted", id));
        } else {
            System.out.println("deleted " + id);
        }
        return ExitCode.OK;
    }
}
