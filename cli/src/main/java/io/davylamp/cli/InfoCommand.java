package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.view.ViewKind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "info", description = "Show what a task or a local file holds.", mixinStandardHelpOptions = true)
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
        if (info.startNanos() == 0 && info.endNanos() == 0) {
            System.out.println(info.source() + ", without times");
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, %.1f s%n",
                    info.source(),
                    time(info.startNanos()),
                    (info.endNanos() - info.startNanos()) / 1e9);
        }
        info.settings()
                .forEach((name, value) -> print(name, value, info.settings().get("event")));
        info.host().forEach((name, value) -> print(name, value, null));
        Table table = new Table()
                .text("MEASURE")
                .number("TOTAL")
                .text("", 1)
                .number("SAMPLES")
                .number("STACKS", 3)
                .number("THREADS", 2);
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
        if (table.isEmpty()) {
            Terminal.print(Empty.NO_SAMPLES);
        } else {
            table.print();
        }
        return ExitCode.OK;
    }

    private int ofTask() {
        JsonNode info = new Question().askJson(shared, ViewKind.INFO, List.of(file), List.of(), Map.of());
        if (shared.json) {
            shared.printJson(info);
            return ExitCode.OK;
        }
        for (JsonNode profile : info.get("profiles")) {
            System.out.println(profile.get("instance").asText() + ": "
                    + profile.get("source").asText() + ", "
                    + profile.get("start").asText() + " to "
                    + profile.get("end").asText());
            Stream.of("settings", "host")
                    .flatMap(part -> profile.get(part).properties().stream())
                    .forEach(entry -> print(
                            entry.getKey(),
                            entry.getValue().asText(),
                            profile.path("settings").path("event").asText(null)));
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
        Table table = new Table()
                .text("MEASURE")
                .number("TOTAL")
                .text("", 1)
                .number("SAMPLES")
                .number("INSTANCES", 2);
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
        if (table.isEmpty()) {
            Terminal.print(Empty.NO_SAMPLES);
        } else {
            table.print();
        }
        return ExitCode.OK;
    }

    private static void print(String name, String value, String event) {
        String setting = Numbers.setting(name, value, event);
        List<String> lines =
                Terminal.isNarrow() ? Text.wrap(setting, Terminal.columns() - name.length() - 3) : List.of(setting);
        System.out.println("  " + name + "=" + lines.get(0));
        lines.stream().skip(1).forEach(line -> System.out.println("    " + line));
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
