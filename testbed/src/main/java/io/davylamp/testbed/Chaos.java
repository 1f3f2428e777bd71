package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Three servers on one database and one bucket, which ask who comes; real JVMs with our agent, simulated agents of SkyWalking,
 * people who use them, and {@link Faults}. At the end everything must have become what was promised ({@link Promises}).
 */
public final class Chaos {
    private static final String SERVICE = "shop";
    /** Servers, when nobody says how many. */
    public static final int SERVERS = 3;

    /** A service whose recordings have several parts in a bucket. */
    private static final String LARGE = "large";

    private static final int JVMS = 3;
    private static final int LARGE_JVMS = 1;
    private static final int STOCK_AGENTS = 3;
    private static final int PEOPLE = 3;
    /** One recording of so many that SkyWalking's agents send is large. */
    private static final int STOCK_RECORDINGS = 4;

    /** An instance that does not ask for its task within so long is taken for gone. */
    private static final Duration ASKED_WITHIN = Duration.ofMinutes(1);
    /** Enough for an agent to find a server and to ask. */
    private static final int ENOUGH_SECONDS = 30;

    /** More than a task of a stock agent takes, with the poll before it. */
    private static final int STOCK_SECONDS = 15;

    private static final int PART_BYTES = 5 << 20;
    private static final int PAGE = 1_000;
    /** Nothing that is unfinished in a bucket stays longer, so that the end need not be waited for a week. */
    private static final Duration UNFINISHED = Duration.ofMinutes(1);

    private static final int WORKERS = 2;

    private static final Pattern STARTED = Pattern.compile("INFO  profiling (\\S+) for ");
    private static final Pattern DELIVERED = Pattern.compile("INFO  delivered (\\S+) of ");
    private static final Pattern REFUSED = Pattern.compile("INFO  the server refuses (\\S+) for good");

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
     * @param met what the parts counted of them: calls to the bucket that failed, connections that were cut
     * @param calls of people
     * @param later calls that were to be tried again
     * @param acknowledged recordings that agents were told to be stored, by service; of some the task was deleted later
     * @param recordings that are there with their hash, by service
     * @param large those of them that have more than one part in a bucket
     * @param failures reasons of assignments that failed, and how many
     * @param excused assignments whose time ran out because SkyWalking's agent lost a command or a recording, or because no server
     *     was ready, by service
     * @param compared profiles that are those of their recordings
     * @param violations of what was promised, in words; empty when all is well
     */
    public record Report(
            long seed,
            Duration length,
            Map<String, Integer> faults,
            Map<String, Long> met,
            long calls,
            long later,
            int tasks,
            Map<String, Integer> states,
            Map<String, Integer> acknowledged,
            Map<String, Integer> recordings,
            int large,
            Map<String, Integer> failures,
            Map<String, Integer> excused,
            int compared,
            List<String> violations) {

        public String words() {
            return "seed " + seed + ", " + length.toSeconds() + " s\n  faults: " + faults + "\n  met: " + met
                    + "\n  calls of people: " + calls + ", of which " + later
                    + " were told or had to try again\n  tasks: "
                    + tasks + ", assignments: " + states + "\n  acknowledged: " + acknowledged
                    + "\n  recordings that are there with their hash: " + recordings + ", of which " + large
                    + " have more than one part; profiles compared: " + compared + "\n  failed: " + failures
                    + "\n  expired, with an excuse: " + excused
                    + "\n  violations: " + violations.size()
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
        List<String> settings = new ArrayList<>(List.of("access.users=true"));
        if (servers > 0) {
            settings.add("data.blobs-unfinished=" + UNFINISHED.toSeconds() + "s");
        }
        try (Cluster cluster = new Cluster(home, folder, servers, new Random(seed), settings)) {
            cluster.signIn();
            List<String> jvms = new ArrayList<>();
            for (int i = 1; i <= JVMS; i++) {
                jvms.add(SERVICE + "-" + i);
                cluster.startJvm(SERVICE, SERVICE + "-" + i);
            }
            List<String> large = new ArrayList<>();
            for (int i = 1; i <= LARGE_JVMS; i++) {
                large.add(LARGE + "-" + i);
                cluster.startLarge(LARGE, LARGE + "-" + i);
            }
            cluster.awaitInstances(SERVICE, JVMS);
            cluster.awaitInstances(LARGE, LARGE_JVMS);
            List<byte[]> recordings =
                    new ArrayList<>(Collections.nCopies(STOCK_RECORDINGS - 1, firstRecording(cluster.api(), SERVICE)));
            recordings.add(firstRecording(cluster.api(), LARGE));
            try (StockAgents stock =
                    new StockAgents(cluster.agentBalancer().port(), STOCK_AGENTS, recordings, cluster.agentToken())) {
                cluster.awaitInstances(StockAgents.SERVICE, STOCK_AGENTS);
                People people = new People(
                        cluster.api(),
                        cluster.outside(),
                        Map.of(SERVICE, jvms, LARGE, large, StockAgents.SERVICE, stock.instances()));
                long end = System.nanoTime() + length.toNanos();
                Faults faults = new Faults(cluster, seed, (int) length.toSeconds());
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < PEOPLE; i++) {
                    long own = random.nextLong();
                    threads.add(thread(people, () -> people.use(own, end)));
                }
                try (Readiness readiness = new Readiness(cluster)) {
                    faults.run(end);
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    return judge(cluster, stock, recordings, people, faults, readiness, length);
                }
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
    private static byte[] firstRecording(Api api, String service) throws Exception {
        Api.Answer created = api.post(
                "/api/v1/tasks",
                "{\"service\": \"" + service + "\", \"instances\": [\"" + service
                        + "-1\"], \"durationSeconds\": 2, \"events\": [\"cpu\"], \"options\": {\"interval\": \"1ms\"}}");
        if (created.status() != 201) {
            throw new IllegalStateException(created.text());
        }
        String path = "/api/v1/tasks/" + created.json().path("id").asText();
        Cluster.await("the first task is ready", () -> {
            JsonNode task = api.get(path).json();
            JsonNode assignment = task.path("assignments").path(0);
            if (!task.path("live").asBoolean()
                    && !assignment.path("state").asText().equals("READY")) {
                throw new IllegalStateException("the first task is over: " + assignment);
            }
            return assignment.path("state").asText().equals("READY");
        });
        String assignment =
                api.get(path).json().path("assignments").path(0).path("id").asText();
        return api.get(path + "/assignments/" + assignment + "/recording").body();
    }

    private Report judge(
            Cluster cluster,
            StockAgents stock,
            List<byte[]> sent,
            People people,
            Faults faults,
            Readiness readiness,
            Duration length)
            throws Exception {
        Api api = cluster.api();
        List<String> violations = new ArrayList<>(people.violations());
        // Some were created although nobody heard of it.
        Set<String> tasks = new TreeSet<>(people.tasks());
        for (String service : List.of(SERVICE, LARGE, StockAgents.SERVICE)) {
            JsonNode listed = now(api, "/api/v1/tasks?limit=" + PAGE + "&service=" + service)
                    .json()
                    .path("tasks");
            if (listed.size() == PAGE) {
                throw new IllegalStateException(service + " may have more tasks than are listed; run it for less long");
            }
            listed.forEach(task -> tasks.add(task.path("id").asText()));
        }
        Set<String> cancelled = new TreeSet<>(people.cancelled());
        Map<String, List<String>> stockAcknowledged = stock.acknowledged();
        cancelled.addAll(giveUpLost(
                api,
                tasks,
                stockAcknowledged.values().stream().flatMap(List::stream).collect(Collectors.toSet())));
        List<Promises.Found> found = new ArrayList<>();
        Profiles profiles = new Profiles(api);
        Set<String> there = new TreeSet<>();
        for (String task : tasks) {
            Api.Answer answer = whenOver(api, task);
            if (answer.status() == 404) {
                if (!people.deleted().contains(task)) {
                    violations.add("task " + task + " is gone, and nobody deleted it");
                }
                continue;
            }
            there.add(task);
            for (JsonNode assignment : answer.json().path("assignments")) {
                found.add(look(api, answer.json(), assignment, readiness, profiles));
            }
        }
        violations.addAll(outboxes(cluster));
        List<Promises.Acknowledged> acknowledged = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Map<String, List<String>> started = new TreeMap<>(stock.started());
        Set<String> hashes = new TreeSet<>();
        for (byte[] each : sent) {
            hashes.add(hash(each));
        }
        stockAcknowledged.forEach((instance, ids) ->
                ids.forEach(id -> acknowledged.add(new Promises.Acknowledged(id, instance, hashes))));
        for (String instance : people.instances()) {
            List<String> log = agentLog(cluster, instance);
            matches(log, DELIVERED).forEach(id -> acknowledged.add(new Promises.Acknowledged(id, instance, Set.of())));
            refused.addAll(matches(log, REFUSED));
            if (!started.containsKey(instance)) {
                started.put(instance, matches(log, STARTED));
            }
        }
        violations.addAll(Promises.acknowledgedIsThere(acknowledged, found, people.deleted(), cancelled));
        violations.addAll(Promises.noneIsRefusedForGood(refused, found, people.deleted(), cancelled));
        violations.addAll(Promises.recordingsAreWhole(found));
        violations.addAll(Promises.endsHaveReasons(found));
        violations.addAll(Promises.readyStaysReady(people.ready().keySet(), found));
        violations.addAll(Promises.nothingRanTwice(started));
        violations.addAll(profiles.differences());
        violations.addAll(orphans(cluster, api));
        Map<String, Integer> done = new TreeMap<>();
        faults.done().forEach((kind, times) -> done.put(kind.name().toLowerCase(Locale.ROOT), times));
        Map<String, Long> met = new TreeMap<>();
        cluster.cuts().forEach((line, times) -> met.put("connections of " + line + " cut", times));
        if (cluster.isShared()) {
            met.putAll(cluster.bucket().failed());
        }
        List<Promises.Found> ready =
                found.stream().filter(each -> each.state().equals("READY")).toList();
        return new Report(
                seed,
                length,
                done,
                met,
                people.calls(),
                people.later(),
                there.size(),
                counted(found.stream().map(Promises.Found::state)),
                counted(acknowledged.stream().map(each -> each.instance().replaceAll("-[0-9]+$", ""))),
                counted(ready.stream()
                        .filter(each -> each.sha256().equals(each.rowSha256()))
                        .map(Promises.Found::service)),
                (int) ready.stream().filter(each -> each.bytes() > PART_BYTES).count(),
                counted(found.stream()
                        .filter(each -> each.state().equals("FAILED"))
                        .map(each -> each.reason().replaceAll("[0-9a-f]{8,}|[0-9]+", "N"))),
                counted(found.stream()
                        .filter(each -> each.state().equals("EXPIRED") && each.excused())
                        .map(Promises.Found::service)),
                profiles.compared(),
                violations);
    }

    private static Map<String, Integer> counted(Stream<String> words) {
        Map<String, Integer> counts = new TreeMap<>();
        words.forEach(each -> counts.merge(each, 1, Integer::sum));
        return counts;
    }

    /** The task when it is over; as it is, when that does not come. */
    private static Api.Answer whenOver(Api api, String task) throws Exception {
        String path = "/api/v1/tasks/" + task;
        try {
            Cluster.await("task " + task + " is over", () -> {
                Api.Answer answer = api.get(path);
                return answer.status() == 404
                        || answer.status() == 200 && !answer.json().path("live").asBoolean();
            });
        } catch (IllegalStateException e) {
            // What is not at its end is told of later.
        }
        return api.get(path);
    }

    private static Promises.Found look(
            Api api, JsonNode task, JsonNode assignment, Readiness readiness, Profiles profiles) throws Exception {
        String id = task.path("id").asText();
        String assignmentId = assignment.path("id").asText();
        boolean isReady = assignment.path("state").asText().equals("READY");
        byte[] bytes = new byte[0];
        if (isReady) {
            Api.Answer answer = now(api, "/api/v1/tasks/" + id + "/assignments/" + assignmentId + "/recording");
            if (answer.status() == 200) {
                bytes = answer.body();
                profiles.add(id, bytes);
            }
        }
        return new Promises.Found(
                id,
                assignmentId,
                task.path("service").asText(),
                assignment.path("instance").asText(),
                assignment.path("state").asText(),
                assignment.path("reason").asText(),
                isExcused(task, assignment, readiness),
                assignment.path("recordingSha256").asText(),
                bytes.length == 0 ? "" : hash(bytes),
                bytes.length);
    }

    /**
     * Whether its time may run out whatever the servers do: SkyWalking's agent takes a command once and sends a recording once; ours
     * does not hear of a task while no server is ready, and takes none while it has another.
     */
    private static boolean isExcused(JsonNode task, JsonNode assignment, Readiness readiness) {
        String reason = assignment.path("reason").asText();
        return task.path("service").asText().equals(StockAgents.SERVICE)
                || reason.startsWith("the instance had not delivered an earlier task")
                || reason.startsWith("the instance never asked for the task")
                        && readiness.secondsReady(
                                        Instant.parse(task.path("created").asText()), ASKED_WITHIN)
                                < ENOUGH_SECONDS;
    }

    /** The answer, when it is no longer "later". */
    private static Api.Answer now(Api api, String path) throws Exception {
        Api.Answer[] answer = new Api.Answer[1];
        Cluster.await("an answer of " + path, () -> {
            answer[0] = api.get(path);
            return !answer[0].isLater();
        });
        return answer[0];
    }

    /**
     * SkyWalking's agent sends a recording once. When that breaks, the task would expire after minutes; somebody cancels it after
     * some seconds in which an upload would have come.
     *
     * @param acknowledged tasks that are not cancelled: their recordings must be there
     * @return what was cancelled
     */
    private static Set<String> giveUpLost(Api api, Set<String> tasks, Set<String> acknowledged) throws Exception {
        TimeUnit.SECONDS.sleep(STOCK_SECONDS);
        Set<String> cancelled = new TreeSet<>();
        for (String task : tasks) {
            Api.Answer answer = api.get("/api/v1/tasks/" + task);
            if (answer.status() == 200
                    && answer.json().path("service").asText().equals(StockAgents.SERVICE)
                    && answer.json().path("live").asBoolean()
                    && !acknowledged.contains(task)) {
                api.post("/api/v1/tasks/" + task + "/cancel", "{}");
                cancelled.add(task);
            }
        }
        return cancelled;
    }

    private static String hash(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** A profile as text, of which some have many megabytes. */
    private record Digest(String sha256, String start) {
        static Digest of(byte[] text) throws Exception {
            return new Digest(hash(text), beginning(text));
        }
    }

    /** Compares the profiles that the servers made with those that the command line makes of the recordings. */
    private final class Profiles {
        private final Api api;
        private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        /** By the recording's hash: simulated agents send the same again and again, and a profile costs a JVM. */
        private final Map<String, Future<Digest>> own = new TreeMap<>();

        private final List<Future<String>> answers = new ArrayList<>();

        Profiles(Api api) {
            this.api = api;
        }

        void add(String task, byte[] recording) throws Exception {
            String hash = hash(recording);
            if (!own.containsKey(hash)) {
                Path file = Files.write(folder.resolve(hash + ".jfr"), recording);
                own.put(hash, workers.submit(() -> make(file)));
            }
            Future<Digest> expected = own.get(hash);
            answers.add(workers.submit(() -> {
                Digest served = Digest.of(now(api, "/api/v1/tasks/" + task + "/flame?measure=cpu&format=collapsed")
                        .body());
                // What this waits for began before, so it does not wait for this.
                return served.equals(expected.get())
                        ? ""
                        : "the profile of task " + task + " is not that of its recording: " + served.start()
                                + " instead of " + expected.get().start();
            }));
        }

        private Digest make(Path recording) throws Exception {
            Path out = Path.of(recording + ".collapsed");
            Path log = Path.of(recording + ".log");
            Process davy = new ProcessBuilder(
                            home.resolve("bin/davy").toString(),
                            "flame",
                            recording.toString(),
                            "--measure",
                            "cpu",
                            "--format",
                            "collapsed",
                            "-o",
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            davy.getOutputStream().close();
            if (!davy.waitFor(Cluster.PATIENCE.toSeconds(), TimeUnit.SECONDS) || davy.exitValue() != 0) {
                davy.destroyForcibly();
                throw new IOException("davy flame " + recording + " failed: " + Files.readString(log));
            }
            Digest made = Digest.of(Files.readAllBytes(out));
            Files.delete(out);
            Files.delete(recording);
            return made;
        }

        List<String> differences() throws InterruptedException {
            List<String> differences = new ArrayList<>();
            for (Future<String> each : answers) {
                try {
                    if (!each.get().isEmpty()) {
                        differences.add(each.get());
                    }
                } catch (ExecutionException e) {
                    differences.add("a profile could not be compared: " + e.getCause());
                }
            }
            workers.shutdown();
            return differences;
        }

        int compared() {
            return answers.size();
        }
    }

    private static String beginning(byte[] text) {
        return text.length + " bytes \"" + new String(text, 0, Math.min(text.length, 200), StandardCharsets.UTF_8)
                + "\"";
    }

    /** The lines of an agent's log, the oldest first. */
    private static List<String> agentLog(Cluster cluster, String instance) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : List.of("agent.log.1", "agent.log")) {
            for (Path log : files(cluster.agentFolder(instance), name)) {
                lines.addAll(Files.readAllLines(log));
            }
        }
        return lines;
    }

    private static List<String> matches(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    /** Everything was delivered, so no agent keeps a recording. */
    private static List<String> outboxes(Cluster cluster) throws Exception {
        try {
            Cluster.await(
                    "the outboxes are empty",
                    () -> files(cluster.agentFolder(""), ".jfr").isEmpty());
            return List.of();
        } catch (IllegalStateException e) {
            return List.of("agents still keep " + files(cluster.agentFolder(""), ".jfr"));
        }
    }

    /** When all tasks are deleted and the janitor has come, nothing may be left of them. */
    private static List<String> orphans(Cluster cluster, Api api) throws Exception {
        while (true) {
            JsonNode tasks = api.get("/api/v1/tasks?limit=" + PAGE).json().path("tasks");
            if (tasks.isEmpty()) {
                break;
            }
            for (JsonNode task : tasks) {
                String path = "/api/v1/tasks/" + task.path("id").asText();
                Cluster.await("it is deleted: " + path, () -> {
                    int status = api.delete(path).status();
                    return status == 204 || status == 404;
                });
            }
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
