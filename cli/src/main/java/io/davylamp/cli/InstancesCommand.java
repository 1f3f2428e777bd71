package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "instances", description = "List the instances of a service.", mixinStandardHelpOptions = true)
final class InstancesCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "SERVICE")
    private String service;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "only instances with this label, such as zone=a,version=1.*; several joined by commas")
    private String label;

    @Override
    public Integer call() {
        JsonNode answer = shared.rest()
                .get("/api/v1/services/" + RestClient.encode(service) + "/instances"
                        + (label == null ? "" : "?label=" + RestClient.encode(label)));
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        if (answer.get("instances").isEmpty()) {
            Terminal.say("davy: no instance of " + service + " has the labels " + label);
            return ExitCode.OK;
        }
        Table table = new Table()
                .text("INSTANCE")
                .text("LIVE")
                .text("LABELS", 6)
                .text("HOST", 2)
                .number("PID", 1)
                .text("JAVA", 4)
                .text("CPU ENGINE", 3)
                .text("LAST SEEN", 5)
                .text("CANNOT");
        for (JsonNode instance : answer.get("instances")) {
            JsonNode properties = instance.get("properties");
            table.row(
                    instance.get("name").asText(),
                    instance.get("live").asBoolean() ? "yes" : "no",
                    labels(instance),
                    properties.path("host").asText(),
                    properties.path("pid").asText(),
                    properties.path("java").asText(),
                    properties.path("cpu engine").asText(),
                    Ago.of(instance.get("lastSeen").asText()),
                    cannot(instance));
        }
        table.print();
        return ExitCode.OK;
    }

    private static String labels(JsonNode instance) {
        return instance.path("labels").properties().stream()
                .map(each -> each.getKey() + "=" + each.getValue().asText())
                .collect(Collectors.joining(","));
    }

    private static String cannot(JsonNode instance) {
        String unable = instance.get("unable").asText();
        int lacks = instance.get("lacks").size();
        return !unable.isEmpty()
                ? "be profiled: " + unable
                : lacks == 0 ? "" : "record " + Text.count(lacks, "event") + " (--json)";
    }
}
