package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "record",
        description = "Profile instances of a service, show their progress, and print the hottest methods.",
        footer = {
            "",
            "Ctrl-C ends only this command; the task continues on the server. `davy stop ID` ends the task and keeps its"
                    + " recordings, `davy cancel ID` ends it and keeps nothing."
        },
        mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "SERVICE")
    private String service;

    @Option(
            names = "--instances",
            defaultValue = "all",
            paramLabel = "all|N|NAMES",
            description =
                    "all live instances, N of them at random, or names joined by commas; default ${DEFAULT-VALUE}")
    private String instances;

    @Option(
            names = "--events",
            paramLabel = "EVENT,...",
            defaultValue = "cpu,alloc,lock",
            split = ",",
            description = "events to record; default cpu,alloc,lock")
    private List<String> events;

    @Option(
            names = "--for",
            defaultValue = "30s",
            paramLabel = "TIME",
            description = "how long to profile: 30s, 5m, 1h; default ${DEFAULT-VALUE}")
    private String duration;

    @Option(
            names = "--option",
            paramLabel = "NAME[=VALUE]",
            description = "option of the profiler, such as interval=5ms; may be repeated")
    private List<String> options = List.of();

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "10",
            description = "number of hot methods per measure; default ${DEFAULT-VALUE}")
    private int count;

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "-n " + count + ": it must be at least 1");
        }
        RestClient rest = shared.rest();
        Recording recording = new Recording(rest, shared.json);
        JsonNode task = recording.run(asked(service, instances, events, duration, options), shared.again());
        if (shared.json) {
            shared.printJson(task);
        } else if (Recording.anyReady(task)) {
            recording.printHot(task, count);
            System.out.println();
            System.out.println(
                    "flame graph: " + rest.server() + "/tasks/" + task.get("id").asText());
        } else {
            TaskText.print(task);
        }
        if (!Recording.allReady(task)) {
            throw new CommandException(
                    ExitCode.FAILED, "not every instance delivered a profile: " + TaskText.states(task));
        }
        return ExitCode.OK;
    }

    static Map<String, Object> asked(
            String service, String instances, List<String> events, String duration, List<String> options) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("service", service);
        asked.put(
                "instances",
                instances.equals("all")
                        ? "all"
                        : instances.matches("[0-9]{1,6}")
                                ? (Object) Integer.valueOf(instances)
                                : List.of(instances.split(",")));
        asked.put("durationSeconds", Numbers.duration(duration).toSeconds());
        asked.put("events", events);
        Map<String, String> byName = new LinkedHashMap<>();
        for (String option : options) {
            int equals = option.indexOf('=');
            byName.put(
                    equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        asked.put("options", byName);
        return asked;
    }
}
