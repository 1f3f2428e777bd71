package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.HotView;
import io.davylamp.profile.view.HotView.Hot;
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
    private static final int DEFAULT_COUNT = 20;

    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(paramLabel = "ID|FILE", arity = "1..*", description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = DEFAULT_COUNT + "",
            description = "number of methods; default ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--sort", paramLabel = "WORD", description = "sort by self or total; default self")
    private String sort;

    /**
     * Returns the command of {@code davy hot FILE}, optionally with {@code -n N}, without picocli, which reads all annotations of a
     * command first: that takes longer than the hot methods of a small recording. Null for any other arguments.
     */
    static Callable<Integer> plain(PlainArguments arguments) {
        if (!arguments.areOnly("-n")) {
            return null;
        }
        HotCommand command = new HotCommand();
        command.shared = new Shared();
        command.question = new Question();
        command.targets = arguments.files();
        command.count = arguments.number("-n", DEFAULT_COUNT);
        return command.count < 0 ? null : command;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        Map<String, List<String>> parameters = question.parameters(shared);
        Question.put(parameters, "limit", count);
        Question.put(parameters, "sort", sort);
        if (shared.json) {
            JsonNode hot = question.askJson(shared, ViewKind.HOT, targets, List.of(), parameters);
            Question.tellRest(hot, "methods");
            shared.printJson(hot);
            return ExitCode.OK;
        }
        // What is computed here is printed as it is: writing and reading JSON would take longer than computing it.
        Hot hot = Question.areFiles(targets)
                ? (Hot) question.answer(ViewKind.HOT, targets, List.of(), parameters)
                : HotJson.of(question.askJson(shared, ViewKind.HOT, targets, List.of(), parameters));
        Question.tellRest(hot.methods().size(), hot.rows(), "methods");
        print(hot, !question.has("overhead"));
        if (hot.total() == 0) {
            Empty.explain(
                    question.askJson(shared, ViewKind.HOT, targets, List.of(), parameters),
                    question,
                    shared,
                    targets,
                    List.of(),
                    parameters);
        }
        return ExitCode.OK;
    }

    static Hot of(RestClient rest, String task, String measure, int count) {
        return HotJson.of(rest.get("/api/v1/tasks/" + RestClient.encode(task) + "/hot?overhead=hide&limit=" + count
                + (measure == null ? "" : "&measure=" + RestClient.encode(measure))));
    }

    /** @param hides whether the profiler's own samples are left out */
    static void print(Hot hot, boolean hides) {
        String unit = hot.unit();
        long total = hot.total();
        Facts facts = hot.facts();
        System.out.println(Numbers.sum(hot.measure(), unit, total, facts));
        for (String warning : facts.warnings()) {
            System.out.println("warning: " + warning);
        }
        if (hides && facts.overhead() != null) {
            Question.printOverhead(facts.overhead(), total, unit);
        }
        if (hot.methods().isEmpty()) {
            return;
        }
        Table table = new Table()
                .indent(2)
                .number("SELF")
                .number("", 2)
                .number("TOTAL")
                .number("", 1)
                .method("METHOD");
        for (HotView.Method method : hot.methods()) {
            table.row(
                    Numbers.percent(method.self(), total),
                    Numbers.value(method.self(), unit),
                    Numbers.percent(method.total(), total),
                    Numbers.value(method.total(), unit),
                    method.name());
        }
        table.print();
    }
}
