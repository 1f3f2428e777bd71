package io.davylamp.agent.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private static final long DAY = 86_400_000L;

    @TempDir
    Path below;

    private AgentConfig config(String instance) {
        return AgentConfig.of("service=shop,instance=" + instance + ",folder=" + below, Map.of());
    }

    private Folder folder(String instance) throws IOException {
        return Folder.open(config(instance));
    }

    private Outbox open(String instance) throws IOException {
        return new Outbox(folder(instance), 10, DAY);
    }

    private static void record(Outbox outbox, String assignment, String bytes) throws IOException {
        Files.writeString(outbox.part(assignment).toPath(), bytes);
    }

    private static List<String> waiting(Outbox outbox) {
        return outbox.waiting().stream()
                .map(recording -> recording.instance + " " + recording.assignment)
                .toList();
    }

    @Test
    void aFinishedRecordingWaitsOverARestartUntilItIsRemoved() throws IOException {
        Outbox first = open("one");
        record(first, "a1", "bytes");
        first.finish("a1");
        first.close();

        Outbox second = open("one");
        assertThat(waiting(second)).containsExactly("one a1");
        assertThat(second.waiting().get(0).file).hasContent("bytes");
        second.remove(second.waiting().get(0));
        assertThat(second.waiting()).isEmpty();
        second.close();
    }

    @Test
    void anUnfinishedRecordingIsRemovedAtTheNextStart() throws IOException {
        Outbox crashed = open("one");
        record(crashed, "a1", "bytes");
        crashed.close();

        Outbox next = open("one");
        assertThat(next.waiting()).isEmpty();
        assertThat(next.part("a1")).doesNotExist();
        next.close();
    }

    @Test
    void theRecordingsOfAJvmThatLivesNoMoreAreDeliveredInItsNameByTheNextOfTheService() throws IOException {
        Outbox dead = open("pod-1");
        record(dead, "a1", "bytes");
        dead.finish("a1");
        dead.close();
        Folder living = folder("pod-2");
        Outbox outbox = open("pod-3");

        List<Folder> orphans = Folder.orphans(config("pod-3"));
        orphans.forEach(outbox::adopt);

        assertThat(orphans).extracting(Folder::instance).containsExactly("pod-1");
        assertThat(waiting(outbox)).containsExactly("pod-1 a1");
        outbox.remove(outbox.waiting().get(0));
        outbox.release(System.currentTimeMillis());
        assertThat(below.resolve("shop_pod-1")).doesNotExist();
        living.close();
        outbox.close();
    }

    /** It happens each minute. */
    @Test
    void lookingForJvmsThatLiveNoMoreWritesNothingIntoTheFoldersOfThoseThatDo() throws IOException {
        Folder living = folder("pod-1");
        Folder looking = folder("pod-2");
        FileTime longAgo = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(living.file("").toPath(), longAgo);

        assertThat(Folder.orphans(config("pod-2"))).isEmpty();

        assertThat(Files.getLastModifiedTime(living.file("").toPath())).isEqualTo(longAgo);
        living.close();
        looking.close();
    }

    @Test
    void noJvmTakesOverWhatAnotherServiceLeft() throws IOException {
        Folder.open(AgentConfig.of("service=shop_two,instance=x,folder=" + below, Map.of()))
                .close();
        Folder.open(AgentConfig.of("service=other,instance=x,folder=" + below, Map.of()))
                .close();

        assertThat(Folder.orphans(config("one"))).isEmpty();
    }

    @Test
    void whatTakesTooMuchDiskIsGivenUpOldestFirstAndNamed() throws IOException {
        Outbox outbox = open("one");
        for (int i = 1; i <= 4; i++) {
            record(outbox, "a" + i, "12345");
            assertThat(outbox.finish("a" + i).setLastModified(1_000L * i)).isTrue();
        }

        List<Outbox.Dropped> dropped = outbox.trim(5_000);

        assertThat(dropped).extracting(each -> each.assignment).containsExactly("a1", "a2");
        assertThat(dropped.get(0).reason).contains("take 20 bytes of disk", "outboxSize");
        assertThat(waiting(outbox)).containsExactly("one a3", "one a4");
        outbox.close();
    }

    @Test
    void whatIsTooOldIsGivenUp() throws IOException {
        Outbox outbox = open("one");
        record(outbox, "a1", "1");
        assertThat(outbox.finish("a1").setLastModified(1_000)).isTrue();

        assertThat(outbox.trim(1_000 + DAY)).isEmpty();
        assertThat(outbox.trim(2_000 + DAY))
                .extracting(each -> each.reason)
                .singleElement()
                .asString()
                .contains("for 1440 minutes", "outboxAge");
        outbox.close();
    }

    @Test
    void aSingleRecordingMayBeLargerThanTheOutbox() throws IOException {
        Outbox outbox = open("one");
        record(outbox, "a1", "more than ten bytes");
        outbox.finish("a1");

        assertThat(outbox.trim(System.currentTimeMillis())).isEmpty();
        outbox.close();
    }

    @Test
    void twoJvmsOfOneNameDoNotShareAFolder() throws IOException {
        Folder first = folder("one");
        Folder second = folder("one");

        assertThat(second.file("x")).isNotEqualTo(first.file("x"));
        first.close();
        second.close();
    }

    @Test
    void namesThatAreNoFileNamesStayApart() throws IOException {
        Folder slash = folder("a/../b");
        Folder colon = folder("a:..:b");

        assertThat(slash.file("x").getParentFile().getParentFile()).isEqualTo(below.toFile());
        assertThat(colon.file("x")).isNotEqualTo(slash.file("x"));
        slash.close();
        colon.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "", ".a", "..", "a,b", "a\nb", "a\\b"})
    void aServerCannotNameAFileElsewhere(String assignment) throws IOException {
        Outbox outbox = open("one");

        assertThatThrownBy(() -> outbox.part(assignment)).isInstanceOf(IllegalArgumentException.class);
        outbox.close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedWithTheReason() throws IOException {
        Path file = Files.writeString(below.resolve("file"), "no folder");

        assertThatThrownBy(() -> Folder.open(AgentConfig.of("folder=" + file, Map.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot use its folder " + file)
                .hasMessageContaining("DAVY_FOLDER");
    }

    @Test
    void theLogNeverGrowsWithoutBound() {
        File file = below.resolve("agent.log").toFile();
        AgentLog log = new AgentLog(file);

        for (int i = 0; i < 4_000; i++) {
            log.info("x".repeat(500));
        }

        assertThat(file.length()).isLessThan(600 << 10);
        assertThat(new File(file.getPath() + ".1").length()).isLessThan(600 << 10);
    }

    @Test
    void whateverIsThrownEndsInTheLog() throws IOException {
        File file = below.resolve("agent.log").toFile();

        Quietly.run(new AgentLog(file), "a test", () -> {
            throw new StackOverflowError("on purpose");
        });

        assertThat(Files.readString(file.toPath())).contains("ERROR a test", "on purpose");
    }
}
