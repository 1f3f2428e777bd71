package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Those who use the servers: they create tasks, look, ask for flame graphs, stop, cancel and delete, and remember what they were
 * told. Thread-safe.
 */
final class People {
    private static final int PAUSE_MILLIS = 150;
    private static final int MOST_VIOLATIONS = 100;

    private final Api api;
    private final Api outside;
    private final Map<String, List<String>> instances;
    /** Ids of tasks that somebody was told of. */
    private final Set<String> tasks = ConcurrentHashMap.newKeySet();

    /** Ids of tasks that somebody deleted, and of their assignments. */
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    /** Ids of tasks that somebody cancelled. */
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    /** Ids of assignments that were seen READY, and the hash of their recordings. */
    private final Map<String, String> ready = new ConcurrentHashMap<>();

    private final Set<String> violations = ConcurrentHashMap.newKeySet();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong later = new AtomicLong();

    /**
     * @param outside for somebody who may see none of the services
     * @param instances names of the instances by service
     */
    People(Api api, Api outside, Map<String, List<String>> instances) {
        this.api = api;
        this.outside = outside;
        this.instances = instances;
    }

    Set<String> tasks() {
        return tasks;
    }

    List<String> instances() {
        return instances.values().stream().flatMap(List::stream).toList();
    }

    Set<String> deleted() {
        return deleted;
    }

    Set<String> cancelled() {
        return cancelled;
    }

    Map<String, String> ready() {
        return ready;
    }

    Set<String> violations() {
        return violations;
    }

    long calls() {
        return calls.get();
    }

    /** Calls that were to be tried again. */
    long later() {
        return later.get();
    }

    void violation(String words) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(words);
        }
    }

    /** One of them, until the time is over. */
    void use(long seed, long endNanos) throws InterruptedException {
        Random random = new Random(seed);
        while (System.nanoTime() < endNanos) {
            calls.incrementAndGet();
            try {
                act(random);
            } catch (IOException e) {
                later.incrementAndGet(); // cut; a browser says so, too
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS + random.nextInt(PAUSE_MILLIS));
        }
    }

    private void act(Random random) throws IOException, InterruptedException {
        double what = random.nextDouble();
        List<String> known = new ArrayList<>(tasks);
        if (what < 0.3 || known.isEmpty()) {
            create(random);
            return;
        }
        String task = known.get(random.nextInt(known.size()));
        String path = "/api/v1/tasks/" + task;
        if (what < 0.55) {
            look(task);
        } else if (what < 0.6) {
            lookFromOutside(task);
        } else if (what < 0.8) {
            expect(task, "flame graph", api.get(path + "/hot?measure=cpu"), 200, 404);
        } else if (what < 0.86) {
            cancelled.add(task);
            expect(task, "cancel", api.post(path + "/cancel", "{}"), 200);
        } else if (what < 0.92) {
            expect(task, "stop", api.post(path + "/stop", "{}"), 200);
        } else {
            // Noted before: the answer may be lost.
            Api.Answer before = api.get(path);
            if (before.status() == 200 && !before.json().path("live").asBoolean()) {
                deleted.add(task);
                before.json()
                        .path("assignments")
                        .forEach(each -> deleted.add(each.path("id").asText()));
                expect(task, "delete", api.delete(path), 204, 404, 409);
            }
        }
    }

    private void create(Random random) throws IOException, InterruptedException {
        List<String> all = instances();
        String instance = all.get(random.nextInt(all.size()));
        String service = instances.entrySet().stream()
                .filter(each -> each.getValue().contains(instance))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        Api.Answer answer = api.post(
                "/api/v1/tasks",
                String.format(
                        "{\"service\": \"%s\", \"instances\": [\"%s\"], \"durationSeconds\": %d, \"events\": [\"cpu\"],"
                                + " \"options\": {\"interval\": \"1ms\"}}",
                        service, instance, 1 + random.nextInt(3)));
        if (answer.status() == 201) {
            tasks.add(answer.json().path("id").asText());
        } else if (answer.isLater()) {
            later.incrementAndGet();
        } else if (answer.status() != 409 && answer.status() != 400) {
            violation("create was answered with " + answer.status() + ": " + answer.text());
        }
    }

    private void look(String task) throws IOException, InterruptedException {
        Api.Answer answer = api.get("/api/v1/tasks/" + task);
        if (expect(task, "look", answer, 200)) {
            for (JsonNode assignment : answer.json().path("assignments")) {
                String id = assignment.path("id").asText();
                String state = assignment.path("state").asText();
                if (state.equals("READY")) {
                    ready.put(id, assignment.path("recordingSha256").asText());
                } else if (ready.containsKey(id)) {
                    violation("assignment " + id + " was READY and is " + state);
                }
            }
        }
    }

    /** Whatever fails: what one may not see does not exist. */
    private void lookFromOutside(String task) throws IOException, InterruptedException {
        Api.Answer one = outside.get("/api/v1/tasks/" + task);
        if (one.isLater()) {
            later.incrementAndGet();
        } else if (one.status() != 404) {
            violation("task " + task + " is there for somebody who may not see it: " + one.status());
        }
        Api.Answer all = outside.get("/api/v1/services");
        if (all.isLater()) {
            later.incrementAndGet();
        } else if (all.status() != 200 || !all.json().path("services").isEmpty()) {
            violation("somebody who may see no service got " + all.status() + ": " + all.text());
        }
    }

    /** @return whether it was answered with the first of these */
    private boolean expect(String task, String what, Api.Answer answer, int... allowed) {
        if (answer.status() == allowed[0]) {
            return true;
        }
        if (answer.isLater()) {
            later.incrementAndGet();
            return false;
        }
        for (int status : allowed) {
            if (answer.status() == status) {
                return false;
            }
        }
        if (answer.status() != 404 || !deleted.contains(task)) {
            violation(what + " of task " + task + " was answered with " + answer.status() + ": " + answer.text());
        }
        return false;
    }
}
