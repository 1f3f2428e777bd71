package io.davylamp.store.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.TestClock;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyTest {
    private static final List<String> TABLES =
            List.of("instance", "task", "assignment", "history", "recording", "recording_history");

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final InMemoryBlobs fromBlobs = new InMemoryBlobs();
    private final InMemoryBlobs toBlobs = new InMemoryBlobs();
    private JdbcStore from;
    private JdbcStore to;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(folder.resolve("from"));
        Files.createDirectories(folder.resolve("to"));
        from = JdbcStore.sqlite(folder.resolve("from/davylamp.db"));
        to = JdbcStore.sqlite(folder.resolve("to/davylamp.db"));
        fill(from, fromBlobs, "a");
        fill(from, fromBlobs, "b");
    }

    @AfterEach
    void close() {
        from.close();
        to.close();
    }

    /** A service with an instance, a task and a recording with its profile. */
    static void fill(JdbcStore store, Blobs blobs, String name) throws Exception {
        byte[] bytes = ("recording of " + name).repeat(1_000).getBytes(StandardCharsets.UTF_8);
        Assignment assignment = Assignment.created("as-" + name, "t-" + name, "i-" + name, name, 10, 20, 30);
        Recording stored = new Recording(
                assignment.id(),
                Origin.ASSIGNMENT,
                "t-" + name,
                "shop",
                name,
                new TreeMap<>(Map.of("zone", "a\nb")),
                1,
                2,
                assignment.recordingKey(),
                assignment.profileKey(),
                bytes.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                RecordingState.STORED,
                0,
                0,
                "",
                5,
                0,
                5,
                Recording.FOR_GOOD);
        put(blobs, stored.bytesKey(), bytes);
        put(blobs, stored.profileKey(), ("profile of " + name).getBytes(StandardCharsets.UTF_8));
        store.write(tx -> {
            tx.instances()
                    .put(new Instance(
                            "i-" + name,
                            "shop",
                            name,
                            new TreeMap<>(Map.of("host", "ü\n1")),
                            Labels.NONE,
                            Unable.NO,
                            "life",
                            "",
                            Abilities.ALL,
                            0,
                            100,
                            200));
            tx.tasks()
                    .insert(new TaskRow(
                            "t-" + name,
                            TaskSpec.asked(
                                    "shop",
                                    List.of(name),
                                    Duration.ofSeconds(10),
                                    EnumSet.of(ProfilerEvent.CPU),
                                    new TreeMap<>(),
                                    null),
                            10));
            tx.assignments().insert(assignment);
            tx.assignments()
                    .compareAndSet(
                            assignment.change(AssignmentState.OFFERED, 11).done());
            tx.recordings().insert(stored);
            Recording taken = stored.taken(6).orElseThrow();
            tx.recordings().compareAndSet(taken);
            tx.recordings().compareAndSet(taken.finished(7, 9, "").orElseThrow());
            return null;
        });
    }

    private static void put(Blobs blobs, String key, byte[] bytes) throws IOException {
        try (Blobs.Writer writer = blobs.writer(key)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        }
    }

    private Copy.Result copy() throws IOException {
        return copy(fromBlobs, toBlobs);
    }

    private Copy.Result copy(Blobs source, Blobs target) throws IOException {
        try (Copy copy = new Copy(from, source, to, target, clock, (blobs, bytes) -> {})) {
            return copy.run();
        }
    }

    /** All that is in the tables, in words. */
    private List<String> dump(String store) throws SQLException {
        return dumpOf(folder.resolve(store).resolve("davylamp.db"));
    }

    /** The same of a database of SQLite. */
    static List<String> dumpOf(Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            for (String table : TABLES) {
                try (ResultSet row = database.createStatement().executeQuery("SELECT * FROM " + table)) {
                    while (row.next()) {
                        SortedMap<String, String> columns = new TreeMap<>();
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            columns.put(row.getMetaData().getColumnName(i), row.getString(i));
                        }
                        rows.add(table + columns);
                    }
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private static Map<String, String> contents(InMemoryBlobs blobs) {
        Map<String, String> contents = new TreeMap<>();
        blobs.all().forEach((key, bytes) -> contents.put(key, new String(bytes, StandardCharsets.UTF_8)));
        return contents;
    }

    /** The target with writers that {@code before} may fail before they commit. */
    private static Blobs interrupted(Blobs blobs, Consumer<String> before) {
        return (Blobs) Proxy.newProxyInstance(
                Blobs.class.getClassLoader(), new Class<?>[] {Blobs.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("writer")) {
                        before.accept((String) arguments[0]);
                    }
                    try {
                        return method.invoke(blobs, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void theTargetEqualsTheSourceAfterwards() throws Exception {
        Copy.Result result = copy();

        assertThat(dump("to")).isEqualTo(dump("from")).hasSize(14);
        assertThat(contents(toBlobs)).isEqualTo(contents(fromBlobs)).hasSize(4);
        assertThat(result.troubles()).isEmpty();
        assertThat(result.blobs()).isEqualTo(4);
        assertThat(result.rows()).containsEntry("recording", 2L).containsEntry("recording_history", 2L);
    }

    @Test
    void aCopyThatWasStoppedGoesOnWhereItStopped() throws Exception {
        Blobs dies = interrupted(toBlobs, key -> {
            if (key.contains("as-b")) {
                throw new java.io.UncheckedIOException(new IOException("gone"));
            }
        });
        assertThatThrownBy(() -> copy(fromBlobs, dies)).hasMessageContaining("gone");
        assertThat(dump("to")).isEmpty();
        assertThat(contents(toBlobs)).hasSize(2);

        Copy.Result result = copy();

        assertThat(result.present()).isEqualTo(2);
        assertThat(result.blobs()).isEqualTo(2);
        assertThat(dump("to")).isEqualTo(dump("from"));
        assertThat(contents(toBlobs)).isEqualTo(contents(fromBlobs));
    }

    @Test
    void aBlobThatCameBeforeTheCrashIsComparedAndNotWrittenAgain() throws Exception {
        fromBlobs.all().forEach((key, bytes) -> toBlobs.all().put(key, bytes));
        // One of the same length with other bytes.
        toBlobs.all().put("profiles/t-a/as-a.dlp", "profile of z".getBytes(StandardCharsets.UTF_8));

        Copy.Result result = copy();

        assertThat(result.present()).isEqualTo(3);
        assertThat(result.blobs()).isEqualTo(1);
        assertThat(contents(toBlobs)).isEqualTo(contents(fromBlobs));
    }

    @Test
    void aSecondCopyBringsOnlyWhatIsNewAndRemovesWhatIsGone() throws Exception {
        copy();
        fill(from, fromBlobs, "c");
        from.write(tx -> {
            tx.recordings().delete("as-a");
            tx.tasks().delete("t-a");
            return null;
        });

        Copy.Result result = copy();

        assertThat(result.blobs()).isEqualTo(2);
        assertThat(result.present()).isEqualTo(2);
        assertThat(dump("to")).isEqualTo(dump("from"));
        assertThat(to.<List<String>>read(tx -> tx.leftovers().due(clock.millis(), 10)))
                .containsExactlyInAnyOrder("recordings/t-a/as-a.jfr", "profiles/t-a/as-a.dlp");
    }

    @Test
    void aProfileThatWasMadeAgainIsCopiedAgain() throws Exception {
        copy();
        put(fromBlobs, "profiles/t-a/as-a.dlp", "profile of A".getBytes(StandardCharsets.UTF_8));
        from.write(tx -> {
            Recording ready = tx.recordings().byId("as-a").orElseThrow();
            Recording stored = new Recording(
                    ready.id(),
                    ready.origin(),
                    ready.taskId(),
                    ready.service(),
                    ready.instance(),
                    ready.labels(),
                    ready.fromMillis(),
                    ready.toMillis(),
                    ready.bytesKey(),
                    ready.profileKey(),
                    ready.bytes(),
                    ready.sha256(),
                    RecordingState.READY,
                    ready.version() + 1,
                    0,
                    "",
                    ready.stateMillis(),
                    ready.profileBytes(),
                    ready.storedMillis(),
                    ready.keptUntilMillis());
            return tx.recordings().compareAndSet(stored);
        });

        assertThat(copy().blobs()).isEqualTo(1);
        assertThat(contents(toBlobs)).isEqualTo(contents(fromBlobs));
    }

    @Test
    void whatIsMissingOrDamagedInTheSourceIsToldAndTheRestIsCopied() throws Exception {
        fromBlobs.delete("profiles/t-a/as-a.dlp");
        fromBlobs.all().put("recordings/t-b/as-b.jfr", "short".getBytes(StandardCharsets.UTF_8));

        Copy.Result result = copy();

        assertThat(result.troubles())
                .hasSize(2)
                .anyMatch(trouble -> trouble.contains("profiles/t-a/as-a.dlp is missing"))
                .anyMatch(trouble -> trouble.contains("recordings/t-b/as-b.jfr is damaged: it has 5 bytes"));
        assertThat(dump("to")).isEqualTo(dump("from"));
        assertThat(contents(toBlobs)).isEqualTo(contents(fromBlobs));
    }

    @Test
    void aGoodCopyIsNotReplacedByADamagedOriginal() throws Exception {
        copy();
        toBlobs.all().put("profiles/t-b/as-b.dlp", "x".getBytes(StandardCharsets.UTF_8));
        fromBlobs.all().put("recordings/t-b/as-b.jfr", "short".getBytes(StandardCharsets.UTF_8));

        copy();

        assertThat(contents(toBlobs).get("recordings/t-b/as-b.jfr")).startsWith("recording of b");
        assertThat(contents(toBlobs)).containsEntry("profiles/t-b/as-b.dlp", "profile of b");
    }

    @Test
    void aTargetThatGivesOtherBytesBackFailsTheCopy() {
        Blobs forgetful = (Blobs) Proxy.newProxyInstance(
                Blobs.class.getClassLoader(), new Class<?>[] {Blobs.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("open") && toBlobs.all().containsKey(arguments[0])) {
                        toBlobs.all().put((String) arguments[0], new byte[3]);
                    }
                    return method.invoke(toBlobs, arguments);
                });

        assertThatThrownBy(() -> copy(fromBlobs, forgetful))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reads back with");
        assertThat(to.<Long>read(tx -> tx.tasks().count())).isZero();
    }

    @Test
    void aRecordingThatIsDeletedMeanwhileIsNoTrouble() throws Exception {
        boolean[] deleted = new boolean[1];
        Blobs busy = interrupted(toBlobs, key -> {
            if (key.equals("recordings/t-a/as-a.jfr") && !deleted[0]) {
                deleted[0] = true;
                from.write(tx -> {
                    tx.recordings().delete("as-b");
                    tx.tasks().delete("t-b");
                    return null;
                });
                fromBlobs.all().keySet().removeIf(each -> each.contains("as-b"));
            }
        });

        Copy.Result result = copy(fromBlobs, busy);

        assertThat(result.troubles()).isEmpty();
        assertThat(dump("to")).isEqualTo(dump("from")).hasSize(8);
        // What came before it was deleted goes again.
        assertThat(to.<List<String>>read(tx -> tx.leftovers().due(clock.millis(), 10)))
                .containsAll(toBlobs.all().keySet().stream()
                        .filter(key -> key.contains("as-b"))
                        .toList());
    }

    @Test
    void saysWhatTheTargetHolds() throws Exception {
        try (Copy copy = new Copy(from, fromBlobs, to, toBlobs, clock, (blobs, bytes) -> {})) {
            assertThat(copy.held()).isEmpty();
            copy.run();
            assertThat(copy.held()).containsEntry("task", 2L).containsEntry("recording", 2L);
        }
    }
}
