package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.ViewKind;
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
        description = "Show the methods that changed most between two tasks, two files, or two times of one.",
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

    @Parameters(index = "0", paramLabel = "BEFORE", description = "the baseline: a task, or a local file")
    private String before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "the task or file to compare with the baseline")
    private String after;

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "20",
            description = "number of methods; default ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--compare",
            paramLabel = "WORD",
            description =
                    "rate (per second), value (as they are) or share (of the totals); default: rate when the lengths"
                            + " differ, share when they are not known, else value")
    private String compare;

    @Option(names = "--normalised", description = "same as --compare share")
    private boolean normalised;

    @Option(names = "--base-from", paramLabel = "MOMENT", description = "start of the baseline; default: --from")
    private String baseFrom;

    @Option(names = "--base-to", paramLabel = "MOMENT", description = "end of the baseline; default: --to")
    private String baseTo;

    @Option(
            names = "--base-threads",
            paramLabel = "PATTERN",
            description = "threads of the baseline; default: --threads")
    private String baseThreads;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        Map<String, List<String>> parameters = question.parameters(shared);
        Question.put(parameters, "limit", count);
        Question.put(parameters, "sort", "change");
        Question.put(parameters, "compare", compare);
        Question.put(parameters, "normalised", normalised ? "true" : null);
        Question.put(parameters, "base-from", baseFrom);
        Question.put(parameters, "base-to", baseTo);
        Question.put(parameters, "base-threads", baseThreads);
        JsonNode hot = question.askJson(shared, ViewKind.HOT, List.of(after), List.of(before), parameters);
        Question.tellRest(hot, "methods");
        if (shared.json) {
            shared.printJson(hot);
        } else {
            print(hot, !question.has("overhead"));
            Empty.explain(hot, question, shared, List.of(after), List.of(before), parameters);
        }
        return ExitCode.OK;
    }

    private static void print(JsonNode hot, boolean hides) {
        Sides sides = Sides.of(hot);
        Terminal.print(sides.title());
        Terminal.print(sides.how());
        hot.path("warnings").forEach(warning -> System.out.println("warning: " + warning.asText()));
        if (hides) {
            Question.printOverhead(hot);
        }
        if (hot.get("methods").isEmpty()) {
            return;
        }
        Table table = new Table()
                .indent(2)
                .number("SELF BEFORE", 2)
                .number("AFTER", 2)
                .number("SELF CHANGE")
                .number("TOTAL BEFORE", 1)
                .number("AFTER", 1)
                .number("TOTAL CHANGE", 3)
                .text("", 4)
                .method("METHOD");
        for (JsonNode method : hot.get("methods")) {
            long selfBefore = method.get("baselineSelf").asLong();
            long self = method.get("self").asLong();
            long totalBefore = method.get("baselineTotal").asLong();
            long total = method.get("total").asLong();
            table.row(
                    sides.before(selfBefore),
                    sides.after(self),
                    sides.change(selfBefore, self),
                    sides.before(totalBefore),
                    sides.after(total),
                    sides.change(totalBefore, total),
                    totalBefore == 0 ? "new" : total == 0 ? "gone" : "",
                    method.get("name").asText());
        }
        table.print();
    }

    /**
     * Formats the values of two sides.
     *
     * @param compare {@code rate}, {@code value} or {@code share}
     * @param seconds length of what is compared; 0 when it is not known
     */
    private record Sides(
            String measure,
            String unit,
            String compare,
            long total,
            long baseline,
            double seconds,
            double baselineSeconds) {
        static Sides of(JsonNode hot) {
            return new Sides(
                    hot.get("measure").asText(),
                    hot.get("unit").asText(),
                    hot.path("compare").asText("value"),
                    hot.get("total").asLong(),
                    hot.get("baselineTotal").asLong(),
                    hot.path("seconds").asDouble(),
                    hot.path("baselineSeconds").asDouble());
        }

        String title() {
            return measure + ": " + Numbers.value(baseline, unit) + in(baselineSeconds) + " before, "
                    + Numbers.value(total, unit) + in(seconds) + " after";
        }

        private static String in(double seconds) {
            return seconds == 0 ? "" : String.format(Locale.ROOT, " in %.1f s", seconds);
        }

        /** Explains how the sides are compared, and how to compare otherwise. */
        String how() {
            return switch (compare) {
                case "rate" -> "compared per second of recording; --compare value or share compares otherwise";
                case "share" ->
                    "compared as shares of the totals, changes in percentage points"
                            + (seconds == 0 ? ": the length of the recordings is unknown" : "")
                            + "; --compare " + (seconds == 0 ? "value" : "rate or value") + " compares otherwise";
                default ->
                    "compared as they are; --compare " + (seconds == 0 ? "share" : "rate or share")
                            + " compares otherwise";
            };
        }

        String before(long value) {
            return side(value, baseline, baselineSeconds);
        }

        String after(long value) {
            return side(value, total, seconds);
        }

        private String side(long value, long whole, double length) {
            return switch (compare) {
                case "rate" -> Numbers.rate(value / length, unit);
                case "share" -> Numbers.percent(value, whole);
                default -> Numbers.value(value, unit);
            };
        }

        String change(long before, long after) {
            return switch (compare) {
                case "rate" -> {
                    double change = after / seconds - before / baselineSeconds;
                    yield (change > 0 ? "+" : "") + Numbers.rate(change, unit);
                }
                case "share" ->
                    String.format(
                            Locale.ROOT,
                            "%+.1f",
                            100.0 * after / Math.max(1, total) - 100.0 * before / Math.max(1, baseline));
                default -> (after > before ? "+" : "") + Numbers.value(after - before, unit);
            };
        }
    }
}
