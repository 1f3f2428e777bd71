package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Three servers behind a real load balancer with the configuration of the documentation: a JVM with our agent and one with
 * SkyWalking's own, task after task, while one server after the other is stopped and started again.
 *
 * <p>{@code NGINX HAPROXY DOCS SKYWALKING_AGENT [OLDER]}: the two programs, the folder with their configurations, the agent's jar;
 * see {@code testbed/balancers}. With the home of an older distribution, the servers and our agent are that one's at first, and
 * each server is replaced by one of this distribution: an upgrade.
 */
public final class Rolling {
    private static final String SERVICE = "rolling";
    private static final String STOCK = "rolling-skywalking";
    private static final int SERVERS = 3;
    /** Long enough for a server to go and to come. */
    private static final int SECONDS = 10;

    private static final String AGENTS = "11800";
    private static final String PEOPLE = "12800";

    private final Cluster cluster;
    private final Path home;
    private final Path folder;
    private final Path skyWalkingAgent;
    private final List<String> tasks = new ArrayList<>();
    private int failed;

    private Rolling(Cluster cluster, Path home, Path folder, Path skyWalkingAgent) {
        this.cluster = cluster;
        this.home = home;
        this.folder = folder;
        this.skyWalkingAgent = skyWalkingAgent;
    }

    /** Ends with 0 when every task came to its end. */
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(System.getProperty("davylamp.home"));
        Path folder = Files.createTempDirectory("davylamp-rolling");
        System.out.println("Data and logs: " + folder);
        Path docs = Path.of(arguments[2]);
        Path agent = Path.of(arguments[3]);
        boolean upgrade = arguments.length > 4;
        Path first = upgrade ? Path.of(arguments[4]) : home;
        int failed = 0;
        for (String balancer : List.of("nginx", "haproxy")) {
            boolean nginx = balancer.equals("nginx");
            try (Cluster cluster =
                    new Cluster(first, folder.resolve("by-" + balancer), SERVERS, new Random(), List.of())) {
                Rolling rolling = new Rolling(cluster, home, folder, agent);
                rolling.through(balancer, arguments[nginx ? 0 : 1], docs.resolve(nginx ? "nginx.conf" : "haproxy.cfg"));
                failed += rolling.failed;
            }
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private void through(String name, String program, Path documented) throws Exception {
        int agentPort = Ports.free();
        int httpPort = Ports.free();
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = own.resolve(documented.getFileName().toString());
        Files.writeString(file, adapted(Files.readString(documented), own, agentPort, httpPort));
        List<String> command = name.equals("nginx")
                ? List.of(
                        program,
                        "-p",
                        own.toString(),
                        "-c",
                        file.toString(),
                        "-e",
                        own.resolve("error.log").toString(),
                        "-g",
                        "daemon off; pid " + own.resolve("pid") + ";")
                : List.of(program, "-db", "-f", file.toString());
        Process balancer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        List<Process> jvms = new ArrayList<>();
        try {
            Api api = new Api("http://127.0.0.1:" + httpPort);
            Cluster.await(
                    name + " answers, or has ended",
                    () -> !balancer.isAlive() || api.get("/ready").status() == 200);
            if (!balancer.isAlive()) {
                throw new IllegalStateException(
                        name + " ended at once: " + Files.readString(folder.resolve(name + ".log")));
            }
            String instance = "ours-" + name;
            String stock = "skywalking-" + name;
            jvms.add(cluster.startJvm(SERVICE, instance, agentPort));
            jvms.add(startSkyWalking(stock, agentPort));
            awaitLive(api, SERVICE, instance);
            awaitLive(api, STOCK, stock);
            for (Node node : cluster.nodes()) {
                long start = System.nanoTime();
                String first = create(api, SERVICE, instance);
                String second = create(api, STOCK, stock);
                node.stop();
                node.replaceBy(home);
                node.start();
                cluster.awaitReady(node);
                String ended = end(api, first) + ", SkyWalking's agent " + end(api, second);
                System.out.printf(
                        "%s, %s replaced, %s: our agent %s (%d s)%n",
                        name,
                        node.name(),
                        versions(),
                        ended,
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
                tasks.addAll(List.of(first, second));
            }
            showEverything();
        } finally {
            jvms.forEach(Process::destroyForcibly);
            balancer.destroy();
            balancer.waitFor();
        }
    }

    /** What each server says of itself. */
    private String versions() throws Exception {
        List<String> versions = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            JsonNode ready = cluster.api(node).get("/ready").json();
            versions.add(
                    ready.has("version")
                            ? ready.path("version").asText() + " with schema "
                                    + ready.path("schema").asText()
                            : "older");
        }
        return String.join(" | ", versions);
    }

    /** Asks every server for the flame graph of every task, also of those that the other version received. */
    private void showEverything() throws Exception {
        int shown = 0;
        for (String task : tasks) {
            for (Node node : cluster.nodes()) {
                Api.Answer flame = cluster.api(node).get("/api/v1/tasks/" + task + "/flame?nodes=100");
                if (flame.status() == 200) {
                    shown++;
                } else {
                    failed++;
                    System.out.println(node.name() + " does not show task " + task + ": " + flame.status());
                }
            }
        }
        System.out.println(shown + " flame graphs of " + tasks.size() + " tasks from every server");
    }

    /** The documented text with the addresses and folders of this machine, and nothing else. */
    private String adapted(String text, Path own, int agentPort, int httpPort) {
        String adapted = text;
        for (int i = 0; i < SERVERS; i++) {
            Node node = cluster.nodes().get(i);
            String address = "10.0.0.1" + (i + 1);
            adapted = adapted.replace(
                            address + ":" + AGENTS + " proto h2 check-proto h1 port " + PEOPLE,
                            "127.0.0.1:" + node.agentPort() + " proto h2 check-proto h1 port " + node.httpPort())
                    .replace(address + ":" + AGENTS, "127.0.0.1:" + node.agentPort())
                    .replace(address + ":" + PEOPLE, "127.0.0.1:" + node.httpPort());
        }
        adapted = adapted.replace("listen " + AGENTS, "listen 127.0.0.1:" + agentPort)
                .replace("listen " + PEOPLE, "listen 127.0.0.1:" + httpPort)
                .replace("bind :" + AGENTS, "bind 127.0.0.1:" + agentPort)
                .replace("bind :" + PEOPLE, "bind 127.0.0.1:" + httpPort)
                .replace("maxconn 50000", "maxconn 500")
                .replace("worker_rlimit_nofile 65536;", "user " + System.getProperty("user.name") + ";")
                .replace("worker_connections 32768", "worker_connections 256");
        StringBuilder folders = new StringBuilder("http {");
        for (String kind : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            folders.append('\n')
                    .append(kind)
                    .append("_temp_path ")
                    .append(own.resolve(kind))
                    .append(';');
        }
        return adapted.replace("\nhttp {\n", "\n" + folders + "\n");
    }

    private Process startSkyWalking(String instance, int port) throws IOException {
        Path agent = Files.createDirectories(folder.resolve(instance));
        for (String each : List.of("config", "plugins", "activations")) {
            Files.createDirectories(agent.resolve(each));
        }
        Files.writeString(agent.resolve("config/agent.config"), "");
        Files.copy(skyWalkingAgent, agent.resolve("skywalking-agent.jar"), StandardCopyOption.REPLACE_EXISTING);
        return cluster.startDemo(
                instance,
                List.of(
                        "-javaagent:" + agent.resolve("skywalking-agent.jar"),
                        "-Dskywalking.agent.service_name=" + STOCK,
                        "-Dskywalking.agent.instance_name=" + instance,
                        "-Dskywalking.collector.backend_service=127.0.0.1:" + port,
                        "-Dskywalking.logging.dir=" + agent.resolve("logs")),
                Map.of());
    }

    private static void awaitLive(Api api, String service, String instance) throws Exception {
        Cluster.await(instance + " is connected", () -> {
            for (JsonNode each :
                    api.get("/api/v1/services/" + service + "/instances").json().path("instances")) {
                if (each.path("name").asText().equals(instance)
                        && each.path("live").asBoolean()) {
                    return true;
                }
            }
            return false;
        });
    }

    private static String create(Api api, String service, String instance) throws Exception {
        String[] id = new String[1];
        // The instance is free a moment after its last task; a server that goes asks to come again.
        Cluster.await("a task for " + instance + " is created", () -> {
            Api.Answer created = api.post(
                    "/api/v1/tasks",
                    "{\"service\": \"" + service + "\", \"instances\": [\"" + instance + "\"], \"durationSeconds\": "
                            + SECONDS + ", \"events\": [\"cpu\"], \"options\": {}}");
            id[0] = created.status() == 201 ? created.json().path("id").asText() : null;
            return id[0] != null;
        });
        return id[0];
    }

    private String end(Api api, String task) throws Exception {
        Cluster.await("task " + task + " is over", () -> {
            Api.Answer answer = api.get("/api/v1/tasks/" + task);
            return answer.status() == 200 && !answer.json().path("live").asBoolean();
        });
        JsonNode assignment =
                api.get("/api/v1/tasks/" + task).json().path("assignments").path(0);
        String state = assignment.path("state").asText();
        if (!state.equals("READY")) {
            failed++;
            return state + " (" + assignment.path("reason").asText() + ")";
        }
        return state;
    }
}
