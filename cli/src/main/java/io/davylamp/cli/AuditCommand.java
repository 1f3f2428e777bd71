package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "audit",
        description = "List who did what, and who was refused, newest first.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Option(names = "--name", paramLabel = "NAME", description = "only what this user or token did")
    private String name;

    @Option(names = "--service", paramLabel = "NAME", description = "only what concerns this service")
    private String service;

    @Option(names = "--action", paramLabel = "WORD", description = "only this action, such as task.create")
    private String action;

    @Option(names = "--since", paramLabel = "TIME", description = "from then on, such as 2026-11-23T12:00:00Z")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before then")
    private String until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "number of entries, at most; default ${DEFAULT-VALUE}")
    private int limit;

    @Override
    public Integer call() {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("name", name);
        asked.put("service", service);
        asked.put("action", action);
        asked.put("since", since);
        asked.put("until", until);
        asked.put("limit", String.valueOf(limit));
        JsonNode answer = shared.rest()
                .get("/api/v1/audit?"
                        + asked.entrySet().stream()
                                .filter(each -> each.getValue() != null)
                                .map(each -> each.getKey() + "=" + RestClient.encode(each.getValue()))
                                .collect(Collectors.joining("&")));
        if (shared.json) {
            shared.printJson(answer);
            return ExitCode.OK;
        }
        if (answer.path("entries").isEmpty()) {
            Terminal.say("davy: no entry of the audit log is like that");
            return ExitCode.OK;
        }
        Table table = new Table()
                .text("WHEN")
                .text("WHO")
                .text("FROM", 1)
                .text("ACTION")
                .text("RESULT")
                .text("SERVICE", 2)
                .text("SUBJECT");
        for (JsonNode entry : answer.path("entries")) {
            table.row(
                    Ago.of(entry.path("at").asText()),
                    entry.path("name").asText(),
                    entry.path("address").asText(),
                    entry.path("action").asText(),
                    entry.path("result").asText().toLowerCase(Locale.ROOT),
                    entry.path("service").asText(),
                    entry.path("subject").asText());
        }
        table.print();
        return ExitCode.OK;
    }
}
