package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.ViewKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Callers and callees: the same tree, read in the two directions. */
abstract class MethodCommand implements Callable<Integer> {
    private static final int DEFAULT_NODES = 40;

    private final ViewKind view;

    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(
            index = "0",
            paramLabel = "METHOD",
            description = "whole name of the method, as in java.util.HashMap.get; a part gets suggestions")
    private String method;

    @Parameters(
            index = "1..*",
            paramLabel = "ID|FILE",
            arity = "1..*",
            description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(names = "-n", paramLabel = "N", description = "the N largest nodes; default 40, with --json all")
    private Integer count;

    MethodCommand(ViewKind view) {
        this.view = view;
    }

    @Override
    public Integer call() {
        if (count != null && count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        Map<String, List<String>> parameters = question.parameters();
        Question.put(parameters, "method", method);
        Question.put(parameters, "nodes", count != null || shared.json ? count : Integer.valueOf(DEFAULT_NODES));
        JsonNode tree = question.askJson(shared, view, targets, List.of(), parameters);
        if (shared.json) {
            shared.printJson(tree);
            return ExitCode.OK;
        }
        JsonNode nodes = tree.get("nodes");
        String unit = tree.get("unit").asText();
        long total = tree.get("total").asLong();
        int[] depth = new int[nodes.get("parent").size()];
        Table table = new Table()
                .indent(2)
                .number("TOTAL")
                .number("", 1)
                .number("SELF", 2)
                .method("METHOD");
        for (int i = 0; i < depth.length; i++) {
            int parent = nodes.get("parent").get(i).asInt();
            depth[i] = parent < 0 ? 0 : depth[parent] + 1;
            long value = nodes.get("total").get(i).asLong();
            table.row(
                    Numbers.percent(value, total),
                    Numbers.value(value, unit),
                    Numbers.percent(nodes.get("self").get(i).asLong(), total),
                    "  ".repeat(Math.min(40, depth[i]))
                            + tree.get("names")
                                    .get(nodes.get("name").get(i).asInt())
                                    .asText());
        }
        table.print();
        if (tree.get("cut").asLong() != 0) {
            System.err.println("davy: only the " + depth.length + " largest nodes; -n asks for more");
        }
        return ExitCode.OK;
    }
}
