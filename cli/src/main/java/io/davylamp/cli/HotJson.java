package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.HotView.Hot;
import io.davylamp.profile.view.HotView.Method;
import java.util.ArrayList;
import java.util.List;

/** Reads from a server's answer what the table of hot methods shows; the rest stays empty. */
final class HotJson {
    private HotJson() {}

    static Hot of(JsonNode answer) {
        List<Method> methods = new ArrayList<>();
        for (JsonNode each : answer.get("methods")) {
            methods.add(new Method(
                    each.get("name").asText(),
                    each.path("kind").asText(),
                    each.get("self").asLong(),
                    each.get("total").asLong(),
                    0,
                    0,
                    null,
                    null,
                    null,
                    null,
                    0));
        }
        return new Hot(
                answer.get("measure").asText(),
                answer.get("unit").asText(),
                answer.get("total").asLong(),
                null,
                facts(answer),
                answer.path("rows").asInt(),
                methods);
    }

    private static Facts facts(JsonNode answer) {
        List<String> warnings = new ArrayList<>();
        answer.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return new Facts(
                null,
                null,
                null,
                null,
                answer.has("samples") ? answer.get("samples").asLong() : null,
                null,
                answer.path("lengthNanos").asLong(),
                answer.path("coreNanos").asLong(),
                answer.path("profiles").asLong(),
                null,
                null,
                null,
                null,
                null,
                answer.has("overhead") ? answer.get("overhead").asLong() : null,
                List.of(),
                List.of(),
                warnings);
    }
}
