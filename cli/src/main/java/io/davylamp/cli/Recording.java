package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Creates a task and follows it to its end. On a terminal the progress is redrawn in place, else each change is a line. */
final class Recording {
    private static final long REDRAW_MILLIS = 250;

    private final RestClient rest;
    private final boolean quiet;
    private final boolean terminal = System.console() != null && System.getenv("TERM") != null;
    private int drawnLines;

    Recording(RestClient rest, boolean quiet) {
        this.rest = rest;
        this.quiet = quiet;
    }

    /** Returns the task when nothing of it goes on any more. */
    JsonNode run(Map<String, Object> asked) throws InterruptedException {
        JsonNode created = rest.post("/api/v1/tasks", asked);
        String id = created.get("id").asText();
        if (!quiet) {
            System.out.println("task " + id + ": " + created.get("command").asText() + " on "
                    + created.get("assignments").size() + " instance"
                    + (created.get("assignments").size() == 1 ? "" : "s")
                    + " of " + created.get("service").asText() + " for "
                    + Numbers.duration(created.get("durationSeconds").asText()).toSeconds() + " s");
        }
        AtomicReference<JsonNode> latest = new AtomicReference<>(created);
        Thread redraw = new Thread(() -> redraw(latest), "redraw");
        redraw.setDaemon(true);
        if (!quiet && terminal) {
            redraw.start();
        }
        Map<String, String> shown = new HashMap<>();
        while (latest.get().get("live").asBoolean()) {
            rest.events("/api/v1/tasks/" + id + "/changes", task -> {
                if (!task.has("id")) {
                    throw new CommandException(ExitCode.FAILED, "task " + id + " was deleted");
                }
                latest.set(task);
                if (!quiet && !terminal) {
                    printChanges(task, shown);
                }
                return task.get("live").asBoolean();
            });
        }
        redraw.interrupt();
        if (redraw.isAlive()) {
            redraw.join();
        }
        if (!quiet && terminal) {
            draw(latest.get());
        }
        return latest.get();
    }

    private static void printChanges(JsonNode task, Map<String, String> shown) {
        for (JsonNode assignment : task.get("assignments")) {
            String state = assignment.get("state").asText();
            if (!state.equals(shown.put(assignment.get("id").asText(), state))) {
                System.out.println(TaskText.line(task, assignment, TaskText.nameWidth(task), Instant.now()));
            }
        }
    }

    private void redraw(AtomicReference<JsonNode> latest) {
        try {
            while (true) {
                draw(latest.get());
                Thread.sleep(REDRAW_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw(JsonNode task) {
        StringBuilder screen = new StringBuilder();
        if (drawnLines > 0) {
            screen.append("\033[").append(drawnLines).append('A');
        }
        drawnLines = task.get("assignments").size();
        for (JsonNode assignment : task.get("assignments")) {
            screen.append("\033[2K")
                    .append(TaskText.line(task, assignment, TaskText.nameWidth(task), Instant.now()))
                    .append('\n');
        }
        System.out.print(screen);
        System.out.flush();
    }

    /** The hottest methods of each measure, for people. */
    void printHot(JsonNode task, int count) {
        String id = task.get("id").asText();
        for (JsonNode measure : rest.get("/api/v1/tasks/" + id + "/measures").get("measures")) {
            System.out.println();
            HotCommand.print(HotCommand.of(rest, id, measure.get("name").asText(), count));
        }
    }

    static boolean anyReady(JsonNode task) {
        for (JsonNode assignment : task.get("assignments")) {
            if (assignment.get("state").asText().equals("READY")) {
                return true;
            }
        }
        return false;
    }

    static boolean allReady(JsonNode task) {
        for (JsonNode assignment : task.get("assignments")) {
            if (!assignment.get("state").asText().equals("READY")) {
                return false;
            }
        }
        return true;
    }
}
