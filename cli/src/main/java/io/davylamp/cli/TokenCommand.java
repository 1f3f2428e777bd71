package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        description = "Make, list and revoke tokens of scripts and agents.",
        footer = "make prints the token once; nobody can find it out later. Only administrators of all services may.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})d");

    /** What is done with tokens. */
    enum Deed {
        list,
        make,
        revoke
    }

    /** Who brings a token. */
    enum Kind {
        api,
        agent
    }

    @Mixin
    private Shared shared;

    @Parameters(index = "0", paramLabel = "DEED", description = "${COMPLETION-CANDIDATES}")
    private Deed deed;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "of the token that is made or revoked")
    private String name;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "api",
            description = "who brings it: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Kind kind;

    @Option(
            names = "--grant",
            paramLabel = "GRANT",
            description = "a role and services, such as \"profiler checkout-*\"; may be repeated")
    private List<String> grants = new ArrayList<>();

    @Option(
            names = "--for",
            paramLabel = "DAYS",
            description = "when it ends, such as 90d; default: when it is revoked")
    private String lasts;

    @Override
    public Integer call() {
        if ((name == null) != (deed == Deed.list)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    deed == Deed.list ? "`davy token list` lists all tokens and takes no name" : "name the token");
        }
        switch (deed) {
            case make -> make();
            case revoke -> revoke();
            default -> list();
        }
        return ExitCode.OK;
    }

    private void make() {
        if (grants.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "a token needs --grant, such as --grant \"profiler checkout-*\"; a token of an agent speaks for the"
                            + " services of its grants");
        }
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("name", name);
        asked.put("kind", kind == Kind.api ? "API" : "AGENT");
        asked.put("grants", grants);
        if (lasts != null) {
            Matcher days = DAYS.matcher(lasts);
            if (!days.matches()) {
                throw new CommandException(ExitCode.USAGE, "--for \"" + lasts + "\" is no number of days such as 90d");
            }
            asked.put("lastsSeconds", Long.parseLong(days.group(1)) * 86_400);
        }
        JsonNode made = shared.rest().post("/api/v1/tokens", asked);
        if (shared.json) {
            shared.printJson(made);
        } else {
            // Alone, so that a script can keep it.
            System.out.println(made.path("secret").asText());
            Terminal.say("davy: this is the token; it is not shown again");
        }
    }

    private void revoke() {
        RestClient rest = shared.rest();
        JsonNode token = StreamSupport.stream(
                        rest.get("/api/v1/tokens").path("tokens").spliterator(), false)
                .filter(each -> each.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.NOT_FOUND, "there is no token \"" + name + "\"; `davy token list` names them"));
        rest.delete("/api/v1/tokens/" + RestClient.encode(token.path("id").asText()));
        if (shared.json) {
            shared.printJson(Map.of("name", name, "revoked", true));
        } else {
            Terminal.print("Revoked \"" + name + "\"; every server refuses it within two seconds.");
        }
    }

    private void list() {
        JsonNode answer = shared.rest().get("/api/v1/tokens");
        if (shared.json) {
            shared.printJson(answer);
            return;
        }
        if (answer.path("tokens").isEmpty()) {
            Terminal.say("davy: there is no token; `davy token make` makes one");
            return;
        }
        Table table = new Table()
                .text("NAME")
                .text("KIND", 3)
                .text("ENDS", 4)
                .text("LAST USED", 2)
                .text("MADE BY", 1)
                .text("GRANTS");
        for (JsonNode token : answer.path("tokens")) {
            table.row(
                    token.path("name").asText(),
                    token.path("kind").asText().equals("API") ? "api" : "agent",
                    token.path("ends").isTextual() ? token.path("ends").asText().substring(0, 10) : "never",
                    token.path("lastUsed").isTextual()
                            ? Ago.of(token.path("lastUsed").asText())
                            : "never",
                    token.path("author").asText(),
                    TaskText.joined(token.path("grants")));
        }
        table.print();
    }
}
