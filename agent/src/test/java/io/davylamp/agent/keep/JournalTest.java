package io.davylamp.agent.keep;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.Unable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path below;

    private AgentConfig config(String instance) {
        return AgentConfig.of("service=shop,instance=" + instance + ",folder=" + below, Map.of());
    }

    /** A JVM that starts the profiler and is gone. */
    private void die(String instance, String assignment) throws IOException {
        Folder folder = Folder.open(config(instance));
        new Journal(config(instance), folder).begin(assignment, "event=cpu");
        folder.close();
    }

    @Test
    void anAssignmentIsTakenOnceAlsoOverARestart() throws IOException {
        Folder folder = Folder.open(config("one"));
        Journal journal = new Journal(config("one"), folder);
        assertThat(journal.take("a1")).isTrue();
        assertThat(journal.take("a1")).isFalse();

        assertThat(new Journal(config("one"), folder).take("a1")).isFalse();
        assertThat(new Journal(config("one"), folder).take("a2")).isTrue();
        folder.close();
    }

    @Test
    void itRemembersTheLastThousandAndStaysSmall() throws IOException {
        Folder folder = Folder.open(config("one"));
        Journal journal = new Journal(config("one"), folder);
        for (int i = 0; i < 2_100; i++) {
            journal.take("a" + i);
        }

        assertThat(journal.take("a2099")).isFalse();
        assertThat(folder.file("taken").length()).isLessThan(20_000);
        folder.close();
    }

    @Test
    void aDeathIsToldOnceWithWhatWasRunning() throws IOException {
        die("one", "a1");
        Folder folder = Folder.open(config("two"));
        Journal journal = new Journal(config("two"), folder);

        List<Folder> orphans = Folder.orphans(config("two"));
        List<Journal.Death> deaths = journal.bury(orphans.get(0));

        assertThat(deaths).singleElement().satisfies(death -> {
            assertThat(death.instance).isEqualTo("one");
            assertThat(death.assignment).isEqualTo("a1");
            assertThat(death.reason).contains("died while it was profiled", "event=cpu", "not repeated");
        });
        assertThat(journal.bury(orphans.get(0))).isEmpty();
        assertThat(journal.refusal().isEmpty()).isTrue();
        orphans.get(0).close();
        folder.close();
    }

    @Test
    void aJvmThatDiedWithItsRecordingWholeIsNoDeath() throws IOException {
        Folder folder = Folder.open(config("one"));
        Journal journal = new Journal(config("one"), folder);
        journal.begin("a1", "event=cpu");
        Files.writeString(folder.file("a1.jfr").toPath(), "whole");

        assertThat(journal.bury(folder)).isEmpty();
        assertThat(journal.bury(folder)).isEmpty();
        assertThat(folder.file("a1.jfr")).exists();
        folder.close();
    }

    @Test
    void aSessionThatEndedIsNoDeath() throws IOException {
        Folder folder = Folder.open(config("one"));
        Journal journal = new Journal(config("one"), folder);
        journal.begin("a1", "event=cpu");
        journal.end("a1");

        assertThat(journal.bury(folder)).isEmpty();
        folder.close();
    }

    @Test
    void afterTwoDeathsProfilingIsRefusedUntilSomebodySaysOtherwise() throws IOException {
        die("one", "a1");
        die("two", "a2");
        Folder folder = Folder.open(config("three"));
        Journal journal = new Journal(config("three"), folder);
        for (Folder orphan : Folder.orphans(config("three"))) {
            journal.bury(orphan);
            orphan.close();
        }

        assertThat(journal.refusal().reason).contains("2 JVMs of this service died", "a2", "davy trust");
        assertThat(journal.refusal().code).isEqualTo(Unable.DEATHS);
        assertThat(new Journal(config("four"), folder).refusal().isEmpty()).isFalse();

        journal.trust();
        assertThat(journal.refusal().isEmpty()).isTrue();
        folder.close();
    }
}
