package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.ViewKind;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "threads",
        description = "Show the value of each thread of tasks or local files.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ThreadsCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(paramLabel = "ID|FILE", arity = "1..*", description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "30",
            description = "number of threads; default ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--fold", description = "merge threads whose names differ only in a number: worker-*")
    private boolean fold;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        Map<String, List<String>> parameters = question.parameters(shared);
        Question.put(parameters, "limit", count);
        Question.put(parameters, "fold", fold ? "true" : null);
        JsonNode threads = question.askJson(shared, ViewKind.THREADS, targets, List.of(), parameters);
        Question.tellRest(threads, "threads");
        if (shared.json) {
            shared.printJson(threads);
            return ExitCode.OK;
        }
        String unit = threads.get("unit").asText();
        long total = threads.get("total").asLong();
        System.out.println(Numbers.sum(threads));
        threads.path("warnings").forEach(warning -> System.out.println("warning: " + warning.asText()));
        if (!question.has("overhead")) {
            Question.printOverhead(threads);
        }
        Table table = new Table()
                .indent(2)
                .number("SHARE")
                .number("VALUE")
                .number("SAMPLES", 1)
                .number("THREADS", 2)
                .text("NAME")
                .text("STATES", 3);
        for (JsonNode row : threads.get("threads")) {
            StringJoiner states = new StringJoiner(", ");
            row.get("states").properties().forEach(state -> {
                if (!state.getKey().isEmpty()) {
                    states.add(state.getKey() + " "
                            + Numbers.percent(
                                    state.getValue().asLong(), row.get("total").asLong()));
                }
            });
            table.row(
                    Numbers.percent(row.get("total").asLong(), total),
                    Numbers.value(row.get("total").asLong(), unit),
                    row.get("samples").asText(),
                    row.get("threads").asText(),
                    row.get("name").asText(),
                    states.toString());
        }
        if (!table.isEmpty()) {
            table.print();
        }
        Empty.explain(threads, question, shared, targets, List.of(), parameters);
        return ExitCode.OK;
    }
}
