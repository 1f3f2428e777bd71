package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.export.Answers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description =
                "What changed between two tasks or two recordings, or two times of one: the methods that differ most.",
        footer = {
            "",
            "Examples: davy diff before.jfr after.jfr",
            "          davy diff TASK TASK --base-to 30s --from 30s"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "the baseline: a task, or a recording")
    private String before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "what is compared with it")
    private String after;

    @Option(names = "-n", defaultValue = "20", description = "so many methods; default ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--normalised",
            description = "compare shares of the totals, not values: for loads or durations that differ")
    private boolean normalised;

    @Option(names = "--base-from", paramLabel = "MOMENT", description = "of the baseline; default: as --from")
    private String baseFrom;

    @Option(names = "--base-to", paramLabel = "MOMENT", description = "of the baseline; default: as --to")
    private String baseTo;

    @Option(names = "--base-threads", paramLabel = "PATTERN", description = "of the baseline; default: as --threads")
    private String baseThreads;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": at least 1");
        }
        Map<String, List<String>> parameters = question.parameters();
        Question.put(parameters, "limit", count);
        Question.put(parameters, "sort", "change");
        Question.put(parameters, "normalised", normalised ? "true" : null);
        Question.put(parameters, "base-from", baseFrom);
        Question.put(parameters, "base-to", baseTo);
        Question.put(parameters, "base-threads", baseThreads);
        JsonNode hot = question.askJson(shared, Answers.View.HOT, List.of(after), List.of(before), parameters);
        if (shared.json) {
            shared.printJson(hot);
        } else {
            print(hot);
        }
        return ExitCode.OK;
    }

    private void print(JsonNode hot) {
        String unit = hot.get("unit").asText();
        long total = hot.get("total").asLong();
        long baseline = hot.get("baselineTotal").asLong();
        System.out.println(hot.get("measure").asText() + ": " + Numbers.value(baseline, unit) + " before, "
                + Numbers.value(total, unit) + " after");
        Table table = new Table().row("  SELF BEFORE", "AFTER", "CHANGE", "TOTAL BEFORE", "AFTER", "CHANGE", "METHOD");
        for (JsonNode method : hot.get("methods")) {
            table.row(
                    "  " + shown(method.get("baselineSelf").asLong(), baseline, unit),
                    shown(method.get("self").asLong(), total, unit),
                    change(
                            method.get("baselineSelf").asLong(),
                            baseline,
                            method.get("self").asLong(),
                            total,
                            unit),
                    shown(method.get("baselineTotal").asLong(), baseline, unit),
                    shown(method.get("total").asLong(), total, unit),
                    change(
                            method.get("baselineTotal").asLong(),
                            baseline,
                            method.get("total").asLong(),
                            total,
                            unit),
                    method.get("name").asText());
        }
        table.print();
    }

    private String shown(long value, long total, String unit) {
        return normalised ? Numbers.percent(value, total) : Numbers.value(value, unit);
    }

    private String change(long before, long totalBefore, long after, long totalAfter, String unit) {
        if (normalised) {
            double points = 100.0 * after / Math.max(1, totalAfter) - 100.0 * before / Math.max(1, totalBefore);
            return String.format(Locale.ROOT, "%+.1f", points);
        }
        return (after > before ? "+" : "") + Numbers.value(after - before, unit);
    }
}
