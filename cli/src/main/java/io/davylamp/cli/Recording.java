package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Creates a task and follows it to its end. Progress goes to standard error: on a terminal it is drawn again in place, elsewhere
 * each change is a line.
 */
final class Recording {
    private static final long REDRAW_MILLIS = 250;

    /** Of more instances than these, only the number is shown. */
    private static final int MOST_LINES = 20;

    /** How long a server may be unreachable, for example while it restarts. */
    private static final Duration AWAY = Duration.ofSeconds(60);

    private static final long RETRY_MILLIS = 500;

    private final RestClient rest;
    private final boolean quiet;
    private final boolean terminal = Terminal.isErr();
    private int drawnLines;

    Recording(RestClient rest, boolean quiet) {
        this.rest = rest;
        this.quiet = quiet;
    }

    /**
     * Returns the task once all its instances have ended.
     *
     * @param more the options that another command needs to reach the same server
     */
    JsonNode run(Map<String, Object> asked, String more) throws InterruptedException {
        AtomicReference<JsonNode> latest = new AtomicReference<>();
        try (OnInterrupt interrupt = OnInterrupt.say(() -> goesOn(latest.get(), more))) {
            return follow(asked, latest, more);
        }
    }

    /** Likewise, for a task that ends with this process, because its server does. */
    JsonNode run(Map<String, Object> asked) throws InterruptedException {
        return follow(asked, new AtomicReference<>(), "");
    }

    private static String goesOn(JsonNode task, String more) {
        if (task == null) {
            return "davy: interrupted before the server answered; `davy tasks" + more
                    + "` shows whether it created a task";
        }
        String id = task.get("id").asText() + more;
        return String.join(
                System.lineSeparator(),
                "davy: this command ends; the task continues on the server.",
                "  davy task " + id + ": shows its progress",
                "  davy stop " + id + ": ends it now and keeps its recordings",
                "  davy cancel " + id + ": ends it and keeps nothing");
    }

    private JsonNode follow(Map<String, Object> asked, AtomicReference<JsonNode> latest, String more)
            throws InterruptedException {
        JsonNode created = rest.post("/api/v1/tasks", asked);
        latest.set(created);
        String id = created.get("id").asText();
        say("task " + id + ": " + created.get("command").asText() + " on "
                + Text.count(created.get("assignments").size(), "instance") + " of "
                + created.get("service").asText() + " for "
                + created.get("durationSeconds").asText() + " s");
        Thread redraw = new Thread(() -> redraw(latest), "redraw");
        redraw.setDaemon(true);
        if (!quiet && terminal) {
            redraw.start();
        }
        try {
            Map<String, String> shown = new HashMap<>();
            long awaySince = 0;
            while (latest.get().get("live").asBoolean()) {
                try {
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
                    awaySince = 0;
                } catch (CommandException e) {
                    long now = System.nanoTime();
                    if (e.exitCode() != ExitCode.UNREACHABLE) {
                        throw e;
                    }
                    if (awaySince == 0) {
                        awaySince = now;
                        say("the server does not answer; the task goes on without it, trying again for "
                                + AWAY.toSeconds() + " s");
                    }
                    if (now - awaySince > AWAY.toNanos()) {
                        throw new CommandException(
                                e.exitCode(),
                                e.getMessage() + ". Task " + id + " may continue: `davy task " + id + more
                                        + "` shows it when the server is back");
                    }
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } finally {
            redraw.interrupt();
            if (redraw.isAlive()) {
                redraw.join();
            }
        }
        if (!quiet && terminal) {
            draw(latest.get());
        }
        return latest.get();
    }

    private synchronized void say(String text) {
        if (!quiet) {
            Terminal.say(text);
            drawnLines = 0;
        }
    }

    private static void printChanges(JsonNode task, Map<String, String> shown) {
        boolean each = task.get("assignments").size() <= MOST_LINES;
        String states = TaskText.states(task);
        if (!each && !states.equals(shown.put("", states))) {
            System.err.println("  " + states);
        }
        for (JsonNode assignment : task.get("assignments")) {
            String state = assignment.get("state").asText();
            if (!state.equals(shown.put(assignment.get("id").asText(), state))
                    && (each || TaskText.isTrouble(assignment))) {
                System.err.println(TaskText.line(task, assignment, TaskText.nameWidth(task), Instant.now()));
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

    private synchronized void draw(JsonNode task) {
        StringBuilder screen = new StringBuilder("\r");
        if (drawnLines > 0) {
            screen.append("\033[").append(drawnLines).append('A');
        }
        List<String> lines = lines(task, Math.max(1, Math.min(MOST_LINES, Terminal.rows() - 4)), Instant.now());
        drawnLines = lines.size();
        for (String line : lines) {
            // A line that wraps would be two: then the next drawing would begin too low.
            screen.append("\033[2K")
                    .append(Text.cut(line, Terminal.columns() - 1))
                    .append('\n');
        }
        System.err.print(screen.append("\033[J"));
        System.err.flush();
    }

    /** The lines that fit: first the failed instances, then the running ones; of the rest, only the number. */
    static List<String> lines(JsonNode task, int most, Instant now) {
        List<JsonNode> trouble = new ArrayList<>();
        List<JsonNode> going = new ArrayList<>();
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode assignment : task.get("assignments")) {
            all.add(assignment);
            if (TaskText.isTrouble(assignment)) {
                trouble.add(assignment);
            } else if (!assignment.get("state").asText().equals("READY")) {
                going.add(assignment);
            }
        }
        boolean fits = all.size() <= most;
        List<JsonNode> shown = new ArrayList<>(fits ? all : trouble);
        if (!fits) {
            shown.addAll(going);
        }
        int width = TaskText.nameWidth(task);
        List<String> lines = new ArrayList<>(shown.stream()
                .limit(fits ? most : most - 1)
                .map(assignment -> TaskText.line(task, assignment, width, now))
                .toList());
        if (!fits) {
            lines.add("  " + Text.count(all.size(), "instance") + ": " + TaskText.states(task));
        }
        return lines;
    }

    /** Prints the hottest methods of each measure. */
    void printHot(JsonNode task, int count) {
        String id = task.get("id").asText();
        for (JsonNode measure : rest.get("/api/v1/tasks/" + id + "/measures").get("measures")) {
            System.out.println();
            HotCommand.print(HotCommand.of(rest, id, measure.get("name").asText(), count), true);
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
