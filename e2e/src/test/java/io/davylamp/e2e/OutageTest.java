package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.testbed.Api;
import io.davylamp.testbed.Cluster;
import io.davylamp.testbed.Node;
import io.davylamp.testbed.StockAgents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Two servers on a real PostgreSQL and on S3, an agent, a browser; and what they do while one of these is away. */
class OutageTest {
    private static final String SERVICE = "shop";
    private static final String INSTANCE = "shop-1";

    @TempDir
    static Path folder;

    private static Cluster cluster;
    private static Node node;
    private static Api api;
    private static Page page;
    /** Agents of SkyWalking call each second, and each call finds out what is away. */
    private static StockAgents stock;

    @BeforeAll
    static void start() throws Exception {
        Rig.prepared();
        cluster = new Cluster(Rig.HOME, folder.resolve("cluster"), 2, new Random(1), List.of());
        node = cluster.nodes().get(0);
        api = cluster.api(node);
        cluster.startJvm(SERVICE, INSTANCE);
        cluster.awaitInstances(SERVICE, 1);
        stock = new StockAgents(cluster.agentBalancer().port(), 2, List.of(new byte[0]));
        cluster.awaitInstances(StockAgents.SERVICE, 2);
        page = new Page(api.address(), folder.resolve("browser"), 1200, 900, false);
    }

    @AfterAll
    static void end() throws Exception {
        try {
            if (page != null) {
                page.close();
            }
            if (stock != null) {
                stock.close();
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
        }
    }

    @Test
    void aTaskGoesThroughAnyServerAndLeavesNothingWhenItIsDeleted() throws Exception {
        int before = cluster.blobs().size();

        String task = create(1);
        awaitState(task, "READY");

        Api other = cluster.api(cluster.nodes().get(1));
        assertThat(other.get("/api/v1/tasks/" + task + "/hot?measure=cpu").text())
                .contains("discount");
        assertThat(cluster.blobs()).hasSizeGreaterThan(before);
        assertThat(other.delete("/api/v1/tasks/" + task).status()).isEqualTo(204);
        Rig.await().until(() -> cluster.blobs().size() == before);
    }

    @Test
    void withoutTheDatabaseAgentsStayLinkedAndThePageSaysSoAndComesBackByItself() throws Exception {
        String task = create(3);
        awaitState(task, "RUNNING");
        page.show("/tasks/" + task + "?measure=cpu");
        long connections = cluster.agentBalancer().accepted();
        long logged = Files.size(node.log());

        cluster.database().stop();
        try {
            Rig.await().until(() -> ready(node).status() == 503);
            assertThat(ready(node).text()).contains("\"database\"");
            assertThat(page.text("[data-testid=trouble]")).contains("database: ");
            Rig.await().until(() -> !outbox().isEmpty());
        } finally {
            cluster.database().start();
        }

        page.until(() -> page.browser
                .findElements(By.cssSelector("[data-testid=trouble]"))
                .isEmpty());
        page.flame();
        awaitState(task, "READY");
        Rig.await().until(() -> outbox().isEmpty());
        assertThat(cluster.agentBalancer().accepted()).isEqualTo(connections);
        awaitReady();
        assertThat(Files.readString(node.log()).substring((int) logged))
                .as("an outage is no fault of the program, and is told in lines, not in stacks")
                .doesNotContain("\tat ");
    }

    @Test
    void whileTheBucketRefusesRecordingsWaitAtTheirAgentsAndFilesAreToComeLater() throws Exception {
        cluster.bucket().fail(1);
        String task;
        try {
            task = create(1);
            Rig.await().until(() -> agentLog().contains("is kept: the server cannot write an object in s3://"));
            assertThat(outbox()).hasSize(1);
            Path collapsed = Files.writeString(folder.resolve("a.collapsed"), "main;a 1\n");
            Api.Answer file = api.upload("/api/v1/files?name=a.collapsed", collapsed);
            assertThat(file.status()).isEqualTo(503);
            assertThat(file.retryAfterSeconds()).isPositive();
            Rig.await().untilAsserted(() -> assertThat(ready(node).text()).contains("\"storage\",\"well\":false"));
            assertThat(ready(node).status()).isEqualTo(200);
        } finally {
            cluster.bucket().heal();
        }

        awaitState(task, "READY");
        Rig.await().until(() -> outbox().isEmpty());
    }

    @Test
    void aDatabaseThatHangsHoldsUpNobodyForEver() throws Exception {
        cluster.databaseLine().swallow(true);
        try {
            Rig.await().until(() -> ready(node).status() == 503);
            Api.Answer answer = api.get("/api/v1/tasks?limit=1");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.retryAfterSeconds()).isPositive();
        } finally {
            cluster.databaseLine().swallow(false);
        }

        awaitReady();
        awaitState(create(1), "READY");
    }

    @Test
    void onADatabaseThatIsReadOnlyStoredProfilesAreSeenAndTasksAreRefused() throws Exception {
        String task = create(1);
        awaitState(task, "READY");

        cluster.database().readOnly(true);
        try {
            Rig.await().until(() -> api.post("/api/v1/tasks", asked(1)).status() == 503);
            assertThat(api.post("/api/v1/tasks", asked(1)).text()).contains("the database takes no changes");
            assertThat(api.get("/api/v1/tasks/" + task + "/hot?measure=cpu").status())
                    .isEqualTo(200);
            Rig.await().untilAsserted(() -> assertThat(ready(node).text()).contains("\"database\",\"well\":false"));
            assertThat(ready(node).status()).isEqualTo(200);
        } finally {
            cluster.database().readOnly(false);
        }

        Rig.await().untilAsserted(() -> assertThat(ready(node).text()).contains("\"database\",\"well\":true"));
        awaitState(create(1), "READY");
    }

    private static void awaitReady() throws Exception {
        for (Node each : cluster.nodes()) {
            cluster.awaitReady(each);
        }
    }

    private static Api.Answer ready(Node of) {
        try {
            return cluster.api(of).get("/ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String asked(int seconds) {
        return "{\"service\": \"" + SERVICE + "\", \"instances\": [\"" + INSTANCE + "\"], \"durationSeconds\": "
                + seconds + ", \"events\": [\"cpu\"], \"options\": {\"interval\": \"1ms\"}}";
    }

    private static String create(int seconds) throws Exception {
        Api.Answer created = api.post("/api/v1/tasks", asked(seconds));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json().path("id").asText();
    }

    private static void awaitState(String task, String state) {
        Rig.await().until(() -> {
            JsonNode assignment =
                    api.get("/api/v1/tasks/" + task).json().path("assignments").path(0);
            String now = assignment.path("state").asText();
            if (!now.equals(state)
                    && List.of("READY", "FAILED", "EXPIRED", "UNREADABLE").contains(now)) {
                throw new IllegalStateException("it is not " + state + ": " + assignment);
            }
            return now.equals(state);
        });
    }

    /** Recordings that the agent keeps. */
    private static List<Path> outbox() throws IOException {
        return files(".jfr");
    }

    private static String agentLog() throws IOException {
        StringBuilder log = new StringBuilder();
        for (Path file : files("agent.log")) {
            log.append(Files.readString(file));
        }
        return log.toString();
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.agentFolder(INSTANCE))) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
