package io.davylamp.cli;

import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "info", description = "What a recording on disk holds.", mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "FILE")
    private String file;

    @Override
    public Integer call() {
        Profile profile = LocalFile.read(file, false);
        ProfileInfo info = profile.info();
        if (shared.json) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("source", info.source());
            answer.put("start", time(info.startNanos()));
            answer.put("end", time(info.endNanos()));
            answer.put("settings", info.settings());
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
        Table table = new Table().row("MEASURE", "TOTAL", "EVENTS", "STACKS", "THREADS");
        for (MeasureSummary summary : profile.summaries()) {
            table.row(
                    summary.measure().name(),
                    Numbers.value(summary.total(), summary.measure().unit().word()),
                    Long.toString(summary.events()),
                    Integer.toString(summary.stacks()),
                    Integer.toString(summary.threads()));
        }
        table.print();
        return ExitCode.OK;
    }

    private static Map<String, Object> json(MeasureSummary summary) {
        Map<String, Object> measure = new LinkedHashMap<>();
        measure.put("name", summary.measure().name());
        measure.put("unit", summary.measure().unit().word());
        measure.put("events", summary.events());
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
