package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.Detail;
import io.davylamp.profile.FrameTree;
import io.davylamp.profile.HotMethods;
import io.davylamp.profile.Profile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hot",
        description = "The hottest methods of a task or of a recording on disk.",
        mixinStandardHelpOptions = true)
final class HotCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID|FILE")
    private String idOrFile;

    @Option(names = "--measure", description = "cpu, alloc, lock, ...; default: the first there is")
    private String measure;

    @Option(names = "-n", defaultValue = "20", description = "so many methods; default ${DEFAULT-VALUE}")
    private int count;

    @Option(names = "--raw-names", description = "names as the recording has them (files only)")
    private boolean rawNames;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": at least 1");
        }
        JsonNode hot = LocalFile.is(idOrFile) ? ofFile() : of(shared.rest(), idOrFile, measure, count);
        if (shared.json) {
            shared.printJson(hot);
        } else {
            print(hot);
        }
        return ExitCode.OK;
    }

    private JsonNode ofFile() {
        Profile profile = LocalFile.read(idOrFile, rawNames);
        FrameTree tree = FrameTree.of(profile, LocalFile.measure(profile, measure), Detail.METHOD);
        List<Map<String, Object>> methods = HotMethods.of(tree).stream()
                .limit(count)
                .map(row -> {
                    Map<String, Object> method = new LinkedHashMap<>();
                    method.put("name", row.name());
                    method.put("self", row.self());
                    method.put("total", row.total());
                    method.put("kind", row.kind().word());
                    return method;
                })
                .toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("measure", tree.measure().name());
        answer.put("unit", tree.measure().unit().word());
        answer.put("total", tree.total());
        answer.put("methods", methods);
        return RestClient.JSON.valueToTree(answer);
    }

    static JsonNode of(RestClient rest, String task, String measure, int count) {
        return rest.get("/api/v1/tasks/" + RestClient.encode(task) + "/hot?limit=" + count
                + (measure == null ? "" : "&measure=" + RestClient.encode(measure)));
    }

    static void print(JsonNode hot) {
        String unit = hot.get("unit").asText();
        long total = hot.get("total").asLong();
        System.out.println(hot.get("measure").asText() + ": " + Numbers.value(total, unit));
        Table table = new Table().row("  SELF", "", "TOTAL", "", "METHOD");
        for (JsonNode method : hot.get("methods")) {
            long self = method.get("self").asLong();
            long all = method.get("total").asLong();
            table.row(
                    "  " + Numbers.percent(self, total),
                    Numbers.value(self, unit),
                    Numbers.percent(all, total),
                    Numbers.value(all, unit),
                    method.get("name").asText());
        }
        table.print();
    }
}
