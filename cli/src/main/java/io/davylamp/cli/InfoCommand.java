package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.export.Answers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "info", description = "What a task or a recording on disk holds.", mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID|FILE")
    private String file;

    @Override
    public Integer call() {
        if (!LocalFile.is(file)) {
            return ofTask();
        }
        Profile profile = LocalFile.read(file);
        ProfileInfo info = profile.info();
        if (shared.json) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("source", info.source());
            answer.put("start", time(info.startNanos()));
            answer.put("end", time(info.endNanos()));
            answer.put("lengthNanos", info.durationNanos());
            answer.put("cores", info.cores());
            answer.put("settings", info.settings());
            answer.put("host", info.host());
            answer.put("warnings", info.warnings());
            answer.put(
                    "measures",
                    profile.summaries().stream().map(InfoCommand::json).toList());
            shared.printJson(answer);
            return ExitCode.OK;
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %.1f s%n",
                info.source(),
                time(info.startNanos()),
                (info.endNanos() - info.startNanos()) / 1e9);
        info.settings().forEach((name, value) -> System.out.println("  " + name + "=" + value));
        info.host().forEach((name, value) -> System.out.println("  " + name + "=" + value));
        Table table = new Table().row("MEASURE", "TOTAL", "", "SAMPLES", "STACKS", "THREADS");
        for (MeasureSummary summary : profile.summaries()) {
            String unit = summary.measure().unit().word();
            table.row(
                    summary.measure().name(),
                    Numbers.value(summary.total(), unit),
                    Numbers.cores(
                            summary.measure().name(),
                            unit,
                            summary.total(),
                            info.durationNanos(),
                            info.durationNanos() * info.cores()),
                    Long.toString(summary.samples()),
                    Integer.toString(summary.stacks()),
                    Integer.toString(summary.threads()));
        }
        table.print();
        return ExitCode.OK;
    }

    private int ofTask() {
        JsonNode info = new Question().askJson(shared, Answers.View.INFO, List.of(file), List.of(), Map.of());
        if (shared.json) {
            shared.printJson(info);
            return ExitCode.OK;
        }
        for (JsonNode profile : info.get("profiles")) {
            System.out.println(profile.get("instance").asText() + ": "
                    + profile.get("source").asText() + ", "
                    + profile.get("start").asText() + " to "
                    + profile.get("end").asText());
            profile.get("settings").properties().forEach(InfoCommand::print);
            profile.get("host").properties().forEach(InfoCommand::print);
            profile.get("warnings").forEach(warning -> System.out.println("  warning: " + warning.asText()));
        }
        long length = 0;
        long cores = 0;
        boolean coresKnown = true;
        for (JsonNode profile : info.get("profiles")) {
            length += profile.get("lengthNanos").asLong();
            cores += profile.get("lengthNanos").asLong() * profile.get("cores").asInt();
            coresKnown &= profile.get("cores").asInt() > 0;
        }
        Table table = new Table().row("MEASURE", "TOTAL", "", "SAMPLES", "INSTANCES");
        for (JsonNode measure : info.get("measures")) {
            String name = measure.get("name").asText();
            String unit = measure.get("unit").asText();
            long total = measure.get("total").asLong();
            table.row(
                    name,
                    Numbers.value(total, unit),
                    Numbers.cores(name, unit, total, length, coresKnown ? cores : 0),
                    measure.get("samples").asText(),
                    measure.get("instances").asText());
        }
        table.print();
        return ExitCode.OK;
    }

    private static void print(Map.Entry<String, JsonNode> entry) {
        System.out.println("  " + entry.getKey() + "=" + entry.getValue().asText());
    }

    private static Map<String, Object> json(MeasureSummary summary) {
        Map<String, Object> measure = new LinkedHashMap<>();
        measure.put("name", summary.measure().name());
        measure.put("unit", summary.measure().unit().word());
        measure.put("events", summary.events());
        measure.put("samples", summary.samples());
        measure.put("intervalNanos", summary.intervalNanos());
        measure.put("total", summary.total());
        measure.put("stacks", summary.stacks());
        measure.put("threads", summary.threads());
        measure.put("first", time(summary.firstNanos()));
        measure.put("last", time(summary.lastNanos()));
        return measure;
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
                .toString();
    }
}
