package io.davylamp.store;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.intake.FileLimits;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.intake.RecordingReader;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingTotals;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.Progress;
import io.davylamp.core.task.ProgressStep;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder of before recordings had rows; its README says how it was made. */
class OlderDataFolderTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Changes changes = new Changes();
    private Store store;
    private FileBlobs blobs;
    private Assignments assignments;
    private Tasks tasks;
    private Indexer indexer;
    private Opening files;
    private Retention retention;
    private ProfileQuery query;

    @BeforeEach
    void open() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(resource("before-recordings.zip"))) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        // The folder was made in the first two hours of the clock.
        clock.advance(Duration.ofMinutes(63));
        store = JdbcStore.sqlite(folder.resolve("davylamp.db"));
        blobs = FileBlobs.open(folder.resolve("blobs"));
        assignments = new Assignments(store, changes, clock);
        tasks = new Tasks(store, new Ids(), changes, clock, TaskLimits.DEFAULT, assignments);
        RecordingReader reader = new RecordingReader(blobs, 1 << 20, 0);
        indexer = new Indexer(store, reader, changes, clock, 1);
        retention = new Retention(store, blobs, changes, clock, TaskLimits.DEFAULT.kept());
        files = new Opening(store, blobs, indexer, retention, new Ids(), clock, FileLimits.DEFAULT);
        query = new ProfileQuery(blobs, QueryLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        indexer.close();
        store.close();
    }

    private static InputStream resource(String name) {
        return OlderDataFolderTest.class.getResourceAsStream(name);
    }

    private List<String> answers() throws IOException {
        List<String> answers = new ArrayList<>();
        RecordingTotals totals = store.read(tx -> tx.recordings().totals(Origin.ASSIGNMENT));
        answers.add("totals " + store.<Long>read(tx -> tx.tasks().count()) + " " + totals.unread() + " "
                + totals.bytes() + " " + totals.profileBytes());
        for (Task task : tasks.newest(ANYONE, null, 100)) {
            for (Part part : task.parts()) {
                String name = part.assignment().instanceName();
                answers.add("assignment " + name + " " + part.progress() + " "
                        + part.assignment().createdMillis() + " "
                        + part.sinceMillis() + " " + part.recordingBytes() + " " + part.recordingSha256() + " "
                        + part.profileBytes() + " " + part.reason());
                for (ProgressStep step : assignments.history(part.assignment().id())) {
                    answers.add(
                            "history " + name + " " + step.progress() + " " + step.atMillis() + " " + step.reason());
                }
                if (part.progress() == Progress.READY) {
                    for (ProfileSource source : query.sources(List.of(task), List.of())) {
                        addProfile(answers, name, source);
                    }
                }
            }
        }
        for (Recording file : files.all(ANYONE)) {
            answers.add(
                    "file " + file.instance() + " " + file.bytes() + " " + file.isKept() + " " + file.storedMillis());
            addProfile(answers, file.instance(), query.source(file.profileKey(), file.instance()));
        }
        return answers;
    }

    private static void addProfile(List<String> answers, String name, ProfileSource source) {
        for (ProfileSource.Totals each : source.measures()) {
            answers.add("profile " + name + " " + each.measure() + " " + each.samples() + " " + each.total());
        }
    }

    @Test
    void answersWhatTheOlderVersionAnswered() throws IOException {
        List<String> expected = new String(resource("before-recordings.txt").readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(answers()).containsExactlyElementsOf(expected);
    }

    @Test
    void whatWasNotReadYetIsReadAndWhatArrivedComesAgain() throws Exception {
        Deadlines deadlines = new Deadlines(store, assignments, changes, clock);
        Ingest ingest = new Ingest(
                store,
                blobs,
                assignments,
                deadlines,
                indexer,
                changes,
                UploadLimits.DEFAULT,
                clock,
                new ServerId("one"));

        ingest.recover(true);
        indexer.wake();
        while (part("stored").progress().isLive()) {
            Thread.onSpinWait();
        }

        assertThat(part("stored").progress()).isEqualTo(Progress.READY);
        assertThat(part("receiving").progress()).isEqualTo(Progress.RUNNING);
        Ingest.Admitted again = (Ingest.Admitted) ingest.open(
                ANYONE, "shop", "receiving", part("receiving").assignment().id(), 14_848, true);
        // That version wrote down no state of the hash, so what it had received of an upload counts no more.
        assertThat(again.upload().receivedBytes()).isZero();
        again.upload().interrupt("the test is over");
    }

    private Part part(String instance) {
        return tasks.newest(ANYONE, null, 100).stream()
                .flatMap(task -> task.parts().stream())
                .filter(part -> part.assignment().instanceName().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsDeletedTakesItsBlobsAlong() throws IOException {
        for (Task task : tasks.newest(ANYONE, null, 100)) {
            if (!task.isLive()) {
                assertThat(retention.deleteTask(ANYONE, task.id())).isEqualTo(Retention.Deletion.DELETED);
            }
        }
        clock.advance(Duration.ofHours(4));
        retention.deleteOld();

        assertThat(files.all(ANYONE)).extracting(Recording::instance).containsExactly("kept <b>.jfr");
        assertThat(files.delete(ANYONE, files.all(ANYONE).get(0).id())).isTrue();
        assertThat(part("stored").progress()).isEqualTo(Progress.STORED);
        assertThat(blobs())
                .allMatch(name -> name.contains(part("stored").assignment().taskId())
                        || name.contains(part("receiving").assignment().taskId()));
    }

    private List<String> blobs() throws IOException {
        try (var all = Files.walk(folder.resolve("blobs"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
