package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "session",
        description = "List who is signed in, and end somebody's sessions.",
        footer = "NAME is a name of the list, or a subject where two people have one name. Only administrators of all"
                + " services may.",
        mixinStandardHelpOptions = true)
final class SessionCommand implements Callable<Integer> {
    /** What is done with sessions. */
    enum Deed {
        list,
        end
    }

    @Mixin
    private Shared shared;

    @Parameters(index = "0", paramLabel = "DEED", description = "${COMPLETION-CANDIDATES}")
    private Deed deed;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "whose sessions end")
    private String name;

    @Override
    public Integer call() {
        if ((name == null) != (deed == Deed.list)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    deed == Deed.list
                            ? "`davy session list` lists everybody and takes no name"
                            : "name whose sessions end; `davy session list` has the names");
        }
        JsonNode answer = shared.rest().get("/api/v1/sessions");
        if (deed == Deed.list) {
            list(answer);
        } else {
            end(answer);
        }
        return ExitCode.OK;
    }

    private void end(JsonNode answer) {
        List<JsonNode> people = new ArrayList<>();
        for (JsonNode person : answer.path("people")) {
            if (name.equals(person.path("name").asText())
                    || name.equals(person.path("subject").asText())) {
                people.add(person);
            }
        }
        if (people.isEmpty()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND, "\"" + name + "\" has no session; `davy session list` names who has");
        }
        if (people.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "several people are called \"" + name + "\"; give a subject: "
                            + people.stream()
                                    .map(each -> each.path("subject").asText())
                                    .collect(Collectors.joining(", ")));
        }
        JsonNode ended = shared.rest()
                .post(
                        "/api/v1/sessions/end",
                        Map.of(
                                "issuer", people.get(0).path("issuer").asText(),
                                "subject", people.get(0).path("subject").asText()));
        if (shared.json) {
            shared.printJson(ended);
        } else {
            Terminal.print("Ended the sessions of " + people.get(0).path("name").asText() + " ("
                    + ended.path("ended").asInt() + "); every server refuses them within two seconds.");
        }
    }

    private void list(JsonNode answer) {
        if (shared.json) {
            shared.printJson(answer);
            return;
        }
        Table table = new Table()
                .text("NAME")
                .text("SESSIONS", 3)
                .text("SIGNED IN", 2)
                .text("LAST USED", 1)
                .text("SUBJECT", 5)
                .text("PROVIDER", 4);
        for (JsonNode person : answer.path("people")) {
            String issuer = person.path("issuer").asText();
            table.row(
                    person.path("name").asText(),
                    person.path("sessions").asText(),
                    Ago.of(person.path("signedIn").asText()),
                    Ago.of(person.path("lastUsed").asText()),
                    person.path("subject").asText(),
                    issuer.isEmpty() ? "local user" : issuer);
        }
        table.print();
    }
}
