package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.ProfileFilter;
import io.davylamp.profile.view.ViewKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Messages for empty answers. */
final class Empty {
    static final String NO_SAMPLES = "No samples: nothing ran, or nothing was measured.";

    private Empty() {}

    /**
     * Explains on standard error why an answer is empty: the filters, and the total without them. Does nothing for other
     * answers.
     */
    static void explain(
            JsonNode answer,
            Question question,
            Shared shared,
            List<String> targets,
            List<String> baseline,
            Map<String, List<String>> parameters) {
        if (answer.path("total").asLong() != 0 || answer.path("baselineTotal").asLong() != 0) {
            return;
        }
        Map<String, List<String>> filters = new LinkedHashMap<>(parameters);
        filters.keySet().retainAll(ProfileFilter.PARAMETERS);
        // Hidden unless somebody asks for it, so nobody means it as a filter.
        List<String> overhead = filters.remove("overhead");
        Map<String, List<String>> without = new LinkedHashMap<>();
        without.put("measure", List.of(answer.path("measure").asText()));
        without.put("limit", List.of("1"));
        if (filters.isEmpty()) {
            long hidden = overhead == null
                    ? 0
                    : question.askJson(shared, ViewKind.HOT, targets, baseline, without)
                            .get("total")
                            .asLong();
            Terminal.say(
                    hidden == 0
                            ? "davy: no samples of " + answer.path("measure").asText()
                            : "davy: all of " + answer.path("measure").asText()
                                    + " is profiler overhead; --overhead keep shows it");
            return;
        }
        if (overhead != null) {
            without.put("overhead", overhead);
        }
        JsonNode all = question.askJson(shared, ViewKind.HOT, targets, baseline, without);
        String patterns = filters.keySet().stream()
                .filter(name ->
                        List.of("include", "root", "leaf", "threads", "span").contains(name))
                .filter(name -> filters.get(name).stream().noneMatch(value -> value.contains("*")))
                .map(name -> "--" + name + " '*" + filters.get(name).get(0) + "*'")
                .collect(Collectors.joining(" "));
        Terminal.say("davy: no samples of " + answer.path("measure").asText() + " match "
                + filters.entrySet().stream()
                        .map(filter ->
                                "--" + filter.getKey() + " " + filter.getValue().get(0))
                        .collect(Collectors.joining(" "))
                + "; without these filters there are "
                + Numbers.value(all.get("total").asLong(), all.get("unit").asText())
                + (patterns.isEmpty() ? "" : ". A pattern must match the whole name: try " + patterns));
    }
}
