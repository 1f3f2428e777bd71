package io.davylamp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    @TempDir
    Path folder;

    private Outbox open(String instance) throws IOException {
        return Outbox.open(AgentConfig.of("service=shop,instance=" + instance + ",folder=" + folder, Map.of()));
    }

    private static void record(Outbox outbox, String assignment) throws IOException {
        Files.writeString(outbox.part(assignment).toPath(), "bytes");
    }

    @Test
    void aFinishedRecordingWaitsOverARestartUntilItIsRemoved() throws IOException {
        Outbox first = open("one");
        record(first, "a1");
        first.finish("a1");
        first.close();

        Outbox second = open("one");
        assertThat(second.waiting()).containsExactly("a1");
        assertThat(second.recording("a1")).hasContent("bytes");
        second.remove("a1");
        assertThat(second.waiting()).isEmpty();
        second.close();
    }

    @Test
    void anUnfinishedRecordingIsRemovedAtTheNextStart() throws IOException {
        Outbox crashed = open("one");
        record(crashed, "a1");
        crashed.close();

        Outbox next = open("one");
        assertThat(next.waiting()).isEmpty();
        assertThat(next.part("a1")).doesNotExist();
        next.close();
    }

    @Test
    void twoJvmsOfOneNameDoNotShareAFolder() throws IOException {
        Outbox first = open("one");
        Outbox second = open("one");

        assertThat(second.file("x")).isNotEqualTo(first.file("x"));
        first.close();
        second.close();
    }

    @Test
    void namesThatAreNoFileNamesStayApart() throws IOException {
        Outbox slash = open("a/../b");
        Outbox colon = open("a:..:b");

        assertThat(slash.file("x").getParentFile().getParentFile()).isEqualTo(folder.toFile());
        assertThat(colon.file("x")).isNotEqualTo(slash.file("x"));
        slash.close();
        colon.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "", "a.b", "a,b"})
    void aServerCannotNameAFileElsewhere(String assignment) throws IOException {
        Outbox outbox = open("one");

        assertThatThrownBy(() -> outbox.part(assignment)).isInstanceOf(IllegalArgumentException.class);
        outbox.close();
    }

    @Test
    void theLogNeverGrowsWithoutBound() {
        File file = folder.resolve("agent.log").toFile();
        AgentLog log = new AgentLog(file);

        for (int i = 0; i < 4_000; i++) {
            log.info("x".repeat(500));
        }

        assertThat(file.length()).isLessThan(600 << 10);
        assertThat(new File(file.getPath() + ".1").length()).isLessThan(600 << 10);
    }

    @Test
    void whateverIsThrownEndsInTheLog() throws IOException {
        File file = folder.resolve("agent.log").toFile();

        Quietly.run(new AgentLog(file), "a test", () -> {
            throw new StackOverflowError("on purpose");
        });

        assertThat(Files.readString(file.toPath())).contains("ERROR a test", "on purpose");
    }
}
