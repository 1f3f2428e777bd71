package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Formats a task as text. */
final class TaskText {
    private static final int BAR = 24;
    private static final int INDENT = 2;
    private static final int SHORT_BAR = 10;
    private static final int NARROW = 80;
    private static final Set<String> TROUBLE = Set.of("FAILED", "TOO_LARGE", "UNREADABLE", "EXPIRED", "CANCELLED");

    private TaskText() {}

    static String joined(JsonNode texts) {
        List<String> parts = new ArrayList<>();
        texts.forEach(text -> parts.add(text.asText()));
        return String.join(",", parts);
    }

    private static String word(String state) {
        return state.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns whether the assignment ended without a profile. */
    static boolean isTrouble(JsonNode assignment) {
        return TROUBLE.contains(assignment.get("state").asText());
    }

    /** {@code 2 ready, 1 failed}. */
    static String states(JsonNode task) {
        Map<String, Integer> counts = new TreeMap<>();
        for (JsonNode assignment : task.get("assignments")) {
            counts.merge(word(assignment.get("state").asText()), 1, Integer::sum);
        }
        List<String> parts = new ArrayList<>();
        counts.forEach((state, count) -> parts.add(count + " " + state));
        return String.join(", ", parts);
    }

    /** Formats one assignment with a progress bar. */
    static String line(JsonNode task, JsonNode assignment, int nameWidth, Instant now) {
        String state = assignment.get("state").asText();
        double done = switch (state) {
            case "PENDING", "OFFERED", "ACCEPTED" -> 0;
            case "RUNNING" -> {
                double passed = Duration.between(
                                        Instant.parse(
                                                assignment.get("runningSince").asText()),
                                        now)
                                .toMillis()
                        / 1000.0;
                yield Math.min(1, passed / task.get("durationSeconds").asDouble());
            }
            default -> 1;
        };
        String detail = switch (state) {
            case "RUNNING" ->
                String.format(
                        Locale.ROOT,
                        "%.0f of %d s",
                        done * task.get("durationSeconds").asLong(),
                        task.get("durationSeconds").asLong());
            case "RECEIVING" ->
                Numbers.bytes(assignment.get("receivedBytes").asLong()) + " of "
                        + Numbers.bytes(assignment.get("declaredBytes").asLong());
            case "STORED", "READY" ->
                Numbers.bytes(assignment.get("recordingBytes").asLong());
            default -> "";
        };
        String note = assignment.get("note").asText();
        String reason = assignment.get("reason").asText();
        reason = reason.isEmpty() || note.isEmpty() ? reason + note : reason + "; " + note;
        int bar = Terminal.columns() < NARROW && (Terminal.isNarrow() || Terminal.isErr()) ? SHORT_BAR : BAR;
        int filled = (int) Math.round(done * bar);
        return String.format(
                        Locale.ROOT,
                        "  %-" + nameWidth + "s [%s%s] %-10s %s",
                        Text.cut(assignment.get("instance").asText(), nameWidth),
                        "#".repeat(filled),
                        ".".repeat(bar - filled),
                        state.toLowerCase(Locale.ROOT),
                        reason.isEmpty() ? detail : detail.isEmpty() ? reason : detail + "; " + reason)
                .stripTrailing();
    }

    static int nameWidth(JsonNode task) {
        int width = 8;
        for (JsonNode assignment : task.get("assignments")) {
            width = Math.max(width, assignment.get("instance").asText().length());
        }
        return Math.min(width, 40);
    }

    static void print(JsonNode task) {
        String title = task.path("title").asText();
        String head = "task " + task.get("id").asText()
                + (title.isEmpty() ? "" : " \"" + title + "\"") + " of "
                + task.get("service").asText() + ", created "
                + task.get("created").asText() + ": " + task.get("command").asText() + " for "
                + task.get("durationSeconds").asText() + " s";
        int columns = Terminal.isNarrow() ? Terminal.columns() : Integer.MAX_VALUE;
        List<String> lines = new ArrayList<>(Text.wrap(head, columns - INDENT));
        lines.replaceAll(line -> line.equals(lines.get(0)) ? line : " ".repeat(INDENT) + line);
        for (JsonNode assignment : task.get("assignments")) {
            List<String> parts = Text.wrap(
                    line(task, assignment, nameWidth(task), Instant.now()).strip(), columns - 2 * INDENT);
            for (int i = 0; i < parts.size(); i++) {
                lines.add(" ".repeat(i == 0 ? INDENT : 2 * INDENT) + parts.get(i));
            }
        }
        lines.forEach(System.out::println);
    }
}
