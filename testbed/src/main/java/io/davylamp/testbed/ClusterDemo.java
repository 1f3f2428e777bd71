package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./davy demo --cluster [--once]}: three servers on PostgreSQL and S3 behind a balancer, two JVMs, a task; then the server
 * that a JVM is linked to is killed while a second task runs, and all goes on.
 */
public final class ClusterDemo {
    private static final String SERVICE = "demo-shop";
    private static final int SERVERS = 3;
    private static final int JVMS = 2;
    private static final int SECONDS = 10;
    private static final int KILLED_AFTER_SECONDS = 3;

    private final Path home;
    private final Cluster cluster;

    private ClusterDemo(Path home, Cluster cluster) {
        this.home = home;
        this.cluster = cluster;
    }

    /** Ends with 0 when everything went as it should. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean once = words.remove("--once");
        words.remove("--cluster");
        if (!words.isEmpty()) {
            System.err.println("davy demo --cluster: takes --once and nothing else, not " + words);
            System.exit(2);
        }
        Path home = Path.of(System.getProperty("davylamp.home"));
        Path folder = Files.createTempDirectory("davylamp-cluster");
        System.out.println("Starting PostgreSQL, S3 and " + SERVERS + " servers. Data and logs: " + folder);
        int code = 1;
        try (Cluster cluster = new Cluster(home, folder, SERVERS, new Random(), List.of())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(cluster), "stop"));
            new ClusterDemo(home, cluster).run();
            if (!once) {
                System.out.println("Any server: " + cluster.api().address() + "/");
                System.out.println("Ctrl-C ends the demo.");
                Thread.currentThread().join();
            }
            code = 0;
        } catch (IllegalStateException | IOException e) {
            System.err.println("davy demo --cluster: " + e.getMessage() + "; logs are in " + folder);
        }
        System.exit(code);
    }

    private static void close(Cluster cluster) {
        try {
            cluster.close();
        } catch (Exception e) {
            System.err.println("davy demo --cluster: the end was not clean: " + e);
        }
    }

    private void run() throws Exception {
        for (Node node : cluster.nodes()) {
            System.out.println("  " + node.name() + "  http://127.0.0.1:" + node.httpPort() + "/  agents 127.0.0.1:"
                    + node.agentPort());
        }
        for (int i = 1; i <= JVMS; i++) {
            cluster.startJvm(SERVICE, "shop-" + i);
        }
        cluster.awaitInstances(SERVICE, JVMS);
        System.out.println("Two JVMs of service \"" + SERVICE + "\" are connected through the balancer.");

        System.out.println("A task, asked of " + cluster.nodes().get(0).name() + ":");
        show(await(create(cluster.api(cluster.nodes().get(0)))));

        String second = create(cluster.api(cluster.nodes().get(1)));
        TimeUnit.SECONDS.sleep(KILLED_AFTER_SECONDS);
        for (Node node : cluster.nodes().subList(0, SERVERS - 1)) {
            node.kill();
            System.out.println(node.name() + " was killed while a second task runs.");
        }
        show(await(second));
        for (Node node : cluster.nodes().subList(0, SERVERS - 1)) {
            node.start();
            cluster.awaitReady(node);
            System.out.println(node.name() + " is back.");
        }
    }

    private static String create(Api api) throws Exception {
        Api.Answer created = api.post(
                "/api/v1/tasks",
                "{\"service\": \"" + SERVICE + "\", \"instances\": \"all\", \"durationSeconds\": " + SECONDS
                        + ", \"events\": [\"cpu\"], \"options\": {}}");
        if (created.status() != 201) {
            throw new IllegalStateException("no task could be created: " + created.text());
        }
        return created.json().path("id").asText();
    }

    /** Waits for the profiles of all instances. */
    private String await(String task) throws Exception {
        Cluster.await("the task is over", () -> {
            Api.Answer answer = cluster.api().get("/api/v1/tasks/" + task);
            return answer.status() == 200 && !answer.json().path("live").asBoolean();
        });
        JsonNode assignments = cluster.api().get("/api/v1/tasks/" + task).json().path("assignments");
        for (JsonNode each : assignments) {
            if (!each.path("state").asText().equals("READY")) {
                throw new IllegalStateException(each.path("instance").asText() + " is "
                        + each.path("state").asText() + ": "
                        + each.path("reason").asText());
            }
        }
        return task;
    }

    private void show(String task) throws Exception {
        Process davy = new ProcessBuilder(
                        home.resolve("bin/davy").toString(),
                        "hot",
                        task,
                        "-n",
                        "3",
                        "--measure",
                        "cpu",
                        "--server",
                        cluster.api().address())
                .inheritIO()
                .start();
        if (davy.waitFor() != 0) {
            throw new IllegalStateException("davy hot " + task + " failed");
        }
    }
}
