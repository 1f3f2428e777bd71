package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Three servers on one database and one bucket, real JVMs with our agent, simulated agents of SkyWalking, people who use them, and
 * {@link Faults}. At the end everything must have become what was promised.
 */
public final class Chaos {
    private static final String SERVICE = "shop";
    /** Servers, when nobody says how many. */
    public static final int SERVERS = 3;

    private static final int JVMS = 3;
    private static final int STOCK_AGENTS = 3;
    private static final int PEOPLE = 3;
    /** Profiles that are compared with what the command line makes of their recordings: it is a JVM each. */
    private static final int COMPARED = 10;

    /** More than a task of a stock agent takes, with the poll before it. */
    private static final int STOCK_SECONDS = 15;

    private static final Set<String> ENDS =
            Set.of("READY", "UNREADABLE", "FAILED", "TOO_LARGE", "EXPIRED", "CANCELLED");

    private final Path home;
    private final Path folder;
    private final int servers;
    private final long seed;

    private Chaos(Path home, Path folder, int servers, long seed) {
        this.home = home;
        this.folder = folder;
        this.servers = servers;
        this.seed = seed;
    }

    /**
     * What came of it.
     *
     * @param faults how often each was done
     * @param calls of people
     * @param later calls that were to be tried again
     * @param recordings that were acknowledged, by the kind of agent
     * @param violations of what was promised, in words; empty when all is well
     */
    public record Report(
            long seed,
            Duration length,
            Map<String, Integer> faults,
            long calls,
            long later,
            int tasks,
            Map<String, Integer> states,
            Map<String, Integer> recordings,
            int compared,
            List<String> violations) {

        public String words() {
            return "seed " + seed + ", " + length.toSeconds() + " s\n  faults: " + faults + "\n  calls of people: "
                    + calls
                    + ", of which " + later + " were told or had to try again\n  tasks: " + tasks + ", assignments: "
                    + states + "\n  recordings that are there with their hash: " + recordings + ", profiles compared: "
                    + compared + "\n  violations: " + violations.size()
                    + String.join(
                            "", violations.stream().map(each -> "\n    " + each).toList());
        }
    }

    /**
     * {@code SECONDS [SEED [SERVERS]]}; 0 servers stand for one on SQLite and files. The distribution is in the property {@code
     * davylamp.home}.
     */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : new Random().nextInt(1_000_000);
        int servers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : SERVERS;
        Path folder = Files.createTempDirectory("davylamp-chaos");
        System.out.println("seed " + seed + "; data and logs: " + folder);
        Path home = Path.of(System.getProperty("davylamp.home"));
        Report report = run(home, folder, servers, Duration.ofSeconds(seconds), seed);
        System.out.println(report.words());
        System.out.println(
                report.violations().isEmpty()
                        ? "All is as it was promised."
                        : "Repeat it: ./davy chaos " + seconds + " " + seed + " " + servers);
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }

    /** Runs it, which takes some minutes more than {@code length}. */
    public static Report run(Path home, Path folder, int servers, Duration length, long seed) throws Exception {
        return new Chaos(home, folder, servers, seed).run(length);
    }

    private Report run(Duration length) throws Exception {
        Random random = new Random(seed);
        try (Cluster cluster = new Cluster(home, folder, servers, new Random(seed), List.of())) {
            List<String> jvms = new ArrayList<>();
            for (int i = 1; i <= JVMS; i++) {
                jvms.add(SERVICE + "-" + i);
                cluster.startJvm(SERVICE, SERVICE + "-" + i);
            }
            cluster.awaitInstances(SERVICE, JVMS);
            byte[] recording = firstRecording(cluster.api());
            try (StockAgents stock = new StockAgents(cluster.agentBalancer().port(), STOCK_AGENTS, recording)) {
                cluster.awaitInstances(StockAgents.SERVICE, STOCK_AGENTS);
                People people =
                        new People(cluster.api(), Map.of(SERVICE, jvms, StockAgents.SERVICE, stock.instances()));
                long end = System.nanoTime() + length.toNanos();
                Faults faults = new Faults(cluster, seed, (int) length.toSeconds());
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < PEOPLE; i++) {
                    long own = random.nextLong();
                    threads.add(thread(people, () -> people.use(own, end)));
                }
                faults.run(end);
                for (Thread thread : threads) {
                    thread.join();
                }
                return judge(cluster, stock, people, faults, length);
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread thread(People people, Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                people.violation("somebody's program failed: " + e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** A real recording, before anything goes wrong; for those who only simulate. */
    private static byte[] firstRecording(Api api) throws Exception {
        Api.Answer created = api.post(
                "/api/v1/tasks",
                "{\"service\": \"" + SERVICE
                        + "\", \"instances\": [\"shop-1\"], \"durationSeconds\": 2, \"events\": [\"cpu\"], \"options\": {}}");
        if (created.status() != 201) {
            throw new IllegalStateException(created.text());
        }
        String path = "/api/v1/tasks/" + created.json().path("id").asText();
        Cluster.await("the first task is ready", () -> {
            JsonNode assignment = api.get(path).json().path("assignments").path(0);
            String state = assignment.path("state").asText();
            if (ENDS.contains(state) && !state.equals("READY")) {
                throw new IllegalStateException("the first task is " + state + ": " + assignment);
            }
            return state.equals("READY");
        });
        String assignment =
                api.get(path).json().path("assignments").path(0).path("id").asText();
        return api.get(path + "/assignments/" + assignment + "/recording").body();
    }

    private Report judge(Cluster cluster, StockAgents stock, People people, Faults faults, Duration length)
            throws Exception {
        Api api = cluster.api();
        Set<String> violations = people.violations();
        // Some were created although nobody heard of it.
        Set<String> tasks = new TreeSet<>(people.tasks());
        for (JsonNode task : api.get("/api/v1/tasks?limit=1000").json().path("tasks")) {
            tasks.add(task.path("id").asText());
        }
        giveUpLost(api, tasks);
        for (String task : tasks) {
            try {
                Cluster.await("task " + task + " is over", () -> {
                    Api.Answer answer = api.get("/api/v1/tasks/" + task);
                    return answer.status() == 404
                            || answer.status() == 200
                                    && !answer.json().path("live").asBoolean();
                });
            } catch (IllegalStateException e) {
                violations.add(
                        e.getMessage() + ": " + api.get("/api/v1/tasks/" + task).text());
            }
        }
        Map<String, Integer> states = new TreeMap<>();
        Map<String, Integer> recordings = new TreeMap<>();
        int compared = 0;
        int there = 0;
        for (String task : tasks) {
            Api.Answer answer = api.get("/api/v1/tasks/" + task);
            if (answer.status() == 404) {
                if (!people.isDeleted(task)) {
                    violations.add("task " + task + " is gone, and nobody deleted it");
                }
                continue;
            }
            there++;
            String service = answer.json().path("service").asText();
            for (JsonNode assignment : answer.json().path("assignments")) {
                String id = assignment.path("id").asText();
                String state = assignment.path("state").asText();
                states.merge(state, 1, Integer::sum);
                if (people.ready().containsKey(id) && !state.equals("READY")) {
                    violations.add("assignment " + id + " was READY and is " + state);
                }
                if (!state.equals("READY") && !state.equals("CANCELLED")) {
                    if (assignment.path("reason").asText().isBlank()) {
                        violations.add("assignment " + id + " is " + state + " without a reason");
                    }
                    if (state.equals("UNREADABLE") || state.equals("EXPIRED")) {
                        violations.add("assignment " + id + " is " + state + ": "
                                + assignment.path("reason").asText());
                    }
                }
                if (state.equals("READY")) {
                    byte[] bytes = api.get("/api/v1/tasks/" + task + "/assignments/" + id + "/recording")
                            .body();
                    if (!hash(bytes).equals(assignment.path("recordingSha256").asText())) {
                        violations.add("the recording of assignment " + id + " has " + bytes.length
                                + " bytes with another hash than its row");
                    } else {
                        recordings.merge(service, 1, Integer::sum);
                    }
                    if (compared < COMPARED) {
                        compared++;
                        compare(api, task, bytes, violations);
                    }
                }
            }
        }
        violations.addAll(stock.twice());
        violations.addAll(startedTooOften(cluster, tasks, api));
        violations.addAll(outboxes(cluster));
        violations.addAll(orphans(cluster, api));
        Map<String, Integer> done = new TreeMap<>();
        faults.done().forEach((kind, times) -> done.put(kind.name().toLowerCase(java.util.Locale.ROOT), times));
        return new Report(
                seed,
                length,
                done,
                people.calls(),
                people.later(),
                there,
                states,
                recordings,
                compared,
                List.copyOf(violations));
    }

    /**
     * SkyWalking's agent sends a recording once. When that breaks, the task would expire after minutes; somebody cancels it after
     * some seconds in which an upload would have come.
     */
    private static void giveUpLost(Api api, Set<String> tasks) throws Exception {
        TimeUnit.SECONDS.sleep(STOCK_SECONDS);
        for (String task : tasks) {
            Api.Answer answer = api.get("/api/v1/tasks/" + task);
            if (answer.status() == 200
                    && answer.json().path("service").asText().equals(StockAgents.SERVICE)
                    && answer.json().path("live").asBoolean()) {
                api.post("/api/v1/tasks/" + task + "/cancel", "{}");
            }
        }
    }

    private static String hash(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** The profile that the servers made must be the one that the command line makes of the recording. */
    private void compare(Api api, String task, byte[] recording, Set<String> violations) throws Exception {
        byte[] served = api.get("/api/v1/tasks/" + task + "/flame?measure=cpu&format=collapsed")
                .body();
        Path file = Files.write(folder.resolve(task + ".jfr"), recording);
        Path out = folder.resolve(task + ".collapsed");
        Process davy = new ProcessBuilder(
                        home.resolve("bin/davy").toString(),
                        "flame",
                        file.toString(),
                        "--measure",
                        "cpu",
                        "--format",
                        "collapsed",
                        "-o",
                        out.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("davy.log").toFile())
                .start();
        davy.getOutputStream().close();
        if (!davy.waitFor(Cluster.PATIENCE.toSeconds(), TimeUnit.SECONDS) || davy.exitValue() != 0) {
            davy.destroyForcibly();
            violations.add("davy flame failed on the recording of task " + task + ": "
                    + Files.readString(folder.resolve("davy.log")));
        } else if (!Arrays.equals(served, Files.readAllBytes(out))) {
            violations.add("the profile of task " + task + " is not that of its recording: " + start(served)
                    + " instead of " + start(Files.readAllBytes(out)));
        }
    }

    private static String start(byte[] text) {
        return "\"" + new String(text, 0, Math.min(text.length, 200), StandardCharsets.UTF_8) + "\"";
    }

    /** A JVM must not have started its profiler more often than assignments of it were running. */
    private static List<String> startedTooOften(Cluster cluster, Set<String> tasks, Api api) throws Exception {
        Map<String, Integer> assignments = new TreeMap<>();
        boolean deleted = false;
        for (String task : tasks) {
            Api.Answer answer = api.get("/api/v1/tasks/" + task);
            deleted |= answer.status() == 404;
            if (answer.status() == 200) {
                for (JsonNode each : answer.json().path("assignments")) {
                    assignments.merge(each.path("instance").asText(), 1, Integer::sum);
                }
            }
        }
        List<String> words = new ArrayList<>();
        int gone =
                deleted ? (int) tasks.stream().filter(task -> isGone(api, task)).count() : 0;
        for (int i = 1; i <= JVMS; i++) {
            String instance = SERVICE + "-" + i;
            long starts = 0;
            for (Path log : files(cluster.agentFolder(instance), "agent.log")) {
                try (Stream<String> lines = Files.lines(log)) {
                    starts += lines.filter(line -> line.contains("profiling for "))
                            .count();
                }
            }
            // Of deleted tasks nobody knows any more whose they were.
            int most = assignments.getOrDefault(instance, 0) + gone;
            if (starts > most) {
                words.add(instance + " started its profiler " + starts + " times for " + most + " assignments");
            }
        }
        return words;
    }

    private static boolean isGone(Api api, String task) {
        try {
            return api.get("/api/v1/tasks/" + task).status() == 404;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything was delivered, so no agent keeps a recording. */
    private static List<String> outboxes(Cluster cluster) throws Exception {
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= JVMS; i++) {
            Path agent = cluster.agentFolder(SERVICE + "-" + i);
            try {
                Cluster.await("the outbox is empty", () -> files(agent, ".jfr").isEmpty());
            } catch (IllegalStateException e) {
                words.add("an agent still keeps " + files(agent, ".jfr"));
            }
        }
        return words;
    }

    /** When all tasks are deleted, nothing may be left of them. */
    private static List<String> orphans(Cluster cluster, Api api) throws Exception {
        for (JsonNode task : api.get("/api/v1/tasks?limit=1000").json().path("tasks")) {
            String path = "/api/v1/tasks/" + task.path("id").asText();
            Cluster.await("it is deleted: " + path, () -> {
                int status = api.delete(path).status();
                return status == 204 || status == 404;
            });
        }
        try {
            Cluster.await("no blob is left", () -> cluster.blobs().isEmpty());
            return List.of();
        } catch (IllegalStateException e) {
            return List.of("left over: " + cluster.blobs());
        }
    }

    private static List<Path> files(Path below, String ending) throws IOException {
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .toList();
        }
    }
}
