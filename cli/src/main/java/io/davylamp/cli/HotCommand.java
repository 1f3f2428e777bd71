package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.ViewKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hot",
        description = "Show the hottest methods of tasks or local files.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class HotCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(paramLabel = "ID|FILE", arity = "1..*", description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "20",
            description = "number of methods; default ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--sort", paramLabel = "WORD", description = "sort by self or total; default self")
    private String sort;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        Map<String, List<String>> parameters = question.parameters(shared);
        Question.put(parameters, "limit", count);
        Question.put(parameters, "sort", sort);
        JsonNode hot = question.askJson(shared, ViewKind.HOT, targets, List.of(), parameters);
        Question.tellRest(hot, "methods");
        if (shared.json) {
            shared.printJson(hot);
        } else {
            print(hot, !question.has("overhead"));
            Empty.explain(hot, question, shared, targets, List.of(), parameters);
        }
        return ExitCode.OK;
    }

    static JsonNode of(RestClient rest, String task, String measure, int count) {
        return rest.get("/api/v1/tasks/" + RestClient.encode(task) + "/hot?overhead=hide&limit=" + count
                + (measure == null ? "" : "&measure=" + RestClient.encode(measure)));
    }

    /** @param hides whether the profiler's own samples are left out */
    static void print(JsonNode hot, boolean hides) {
        String unit = hot.get("unit").asText();
        long total = hot.get("total").asLong();
        System.out.println(Numbers.sum(hot));
        hot.path("warnings").forEach(warning -> System.out.println("warning: " + warning.asText()));
        if (hides) {
            Question.printOverhead(hot);
        }
        if (hot.get("methods").isEmpty()) {
            return;
        }
        Table table = new Table()
                .indent(2)
                .number("SELF")
                .number("", 2)
                .number("TOTAL")
                .number("", 1)
                .method("METHOD");
        for (JsonNode method : hot.get("methods")) {
            long self = method.get("self").asLong();
            long all = method.get("total").asLong();
            table.row(
                    Numbers.percent(self, total),
                    Numbers.value(self, unit),
                    Numbers.percent(all, total),
                    Numbers.value(all, unit),
                    method.get("name").asText());
        }
        table.print();
    }
}
