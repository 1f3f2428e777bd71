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
        name = "timeline",
        description =
                "Show values over time of tasks or local files; --by makes a row for each thread, state or instance.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TimelineCommand implements Callable<Integer> {
    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final int ROWS = 40;
    private static final int CELLS = 80;

    /** Width right of the bars, for a value and the beginning of a name. */
    private static final int BESIDE = 40;

    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(paramLabel = "ID|FILE", arity = "1..*", description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(
            names = "--cells",
            paramLabel = "N",
            description = "number of cells; default: 80, or as many as fit the terminal")
    private Integer cells;

    @Option(names = "--cell", paramLabel = "TIME", description = "length of a cell: 20ms; instead of --cells")
    private String cell;

    @Override
    public Integer call() {
        Map<String, List<String>> parameters = question.parameters();
        if (cell == null) {
            Question.put(parameters, "cells", cells == null ? fitting() : cells);
        } else {
            Question.put(parameters, "cell", cell);
        }
        JsonNode timeline = question.askJson(shared, ViewKind.TIMELINE, targets, List.of(), parameters);
        if (shared.json) {
            shared.printJson(timeline);
            return ExitCode.OK;
        }
        String unit = timeline.get("unit").asText();
        System.out.printf(
                Locale.ROOT,
                "%s from %s, %s of %.3f s%n",
                timeline.get("measure").asText(),
                timeline.get("start").asText(),
                Text.count(timeline.get("cells").asInt(), "cell"),
                timeline.get("cellNanos").asLong() / 1e9);
        long largest = 1;
        for (JsonNode row : timeline.get("rows")) {
            for (JsonNode value : row.get("values")) {
                largest = Math.max(largest, value.asLong());
            }
        }
        Table table = new Table().text("").number("").method("");
        int shown = 0;
        for (JsonNode row : timeline.get("rows")) {
            if (shown++ < ROWS) {
                table.row(
                        bars(row.get("values"), largest),
                        Numbers.value(row.get("total").asLong(), unit),
                        row.get("name").asText());
            }
        }
        for (JsonNode row : timeline.get("series")) {
            long top = 1;
            for (JsonNode value : row.get("values")) {
                top = Math.max(top, value.asLong());
            }
            String most = row.get("unit").asText().equals("millionths")
                    ? Numbers.percent(top, 1_000_000)
                    : Numbers.value(top, row.get("unit").asText());
            table.row(
                    bars(row.get("values"), top),
                    "up to " + most,
                    row.get("name").asText()
                            + (targets.size() > 1 ? " " + row.get("instance").asText() : ""));
        }
        table.print();
        if (timeline.get("rows").isEmpty()) {
            Terminal.print(Empty.NO_SAMPLES);
        }
        if (shown > ROWS) {
            System.out.println(Text.count(shown - ROWS, "smaller row") + (shown - ROWS == 1 ? " is" : " are")
                    + " left out; --json has all");
        }
        return ExitCode.OK;
    }

    private static int fitting() {
        return Terminal.isNarrow() ? Math.max(20, Math.min(CELLS, Terminal.columns() - BESIDE)) : CELLS;
    }

    private static String bars(JsonNode values, long largest) {
        StringBuilder bars = new StringBuilder();
        for (JsonNode value : values) {
            long v = Math.max(0, value.asLong());
            // Whatever is not nothing is seen.
            int height = v == 0 ? 0 : 1 + (int) (v * (BARS.length() - 2) / largest);
            bars.append(BARS.charAt(Math.min(BARS.length() - 1, height)));
        }
        return bars.toString();
    }
}
