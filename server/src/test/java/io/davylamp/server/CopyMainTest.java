package io.davylamp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.Blobs;
import io.davylamp.store.TestPostgres;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyMainTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A data folder with an instance and an opened file. */
    @BeforeEach
    void fill() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source"));
        try (JdbcStore store = JdbcStore.sqlite(source.resolve("davylamp.db"));
                Blobs.Writer writer = FileBlobs.open(source.resolve("blobs")).writer("files/f/recording")) {
            writer.write(ByteBuffer.wrap(new byte[1 << 20]));
            writer.commit();
            store.write(tx -> {
                tx.instances()
                        .put(new Instance(
                                "i1",
                                "shop",
                                "shop-1",
                                new TreeMap<>(),
                                Labels.NONE,
                                Unable.NO,
                                "",
                                "",
                                Abilities.ALL,
                                0,
                                1,
                                2));
                tx.recordings()
                        .insert(new Recording(
                                "f",
                                Origin.OPENED_FILE,
                                "",
                                "",
                                "a.jfr",
                                new TreeMap<>(),
                                0,
                                0,
                                "files/f/recording",
                                "files/f/profile",
                                1 << 20,
                                "",
                                RecordingState.STORED,
                                0,
                                0,
                                "",
                                0,
                                0,
                                0,
                                Recording.FOR_GOOD));
                return null;
            });
        }
    }

    private int copy(String... arguments) {
        out.reset();
        err.reset();
        return CopyMain.run(arguments, new PrintStream(out, true), new PrintStream(err, true));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void copiesADataFolderAndSaysWhat() {
        assertThat(copy("--from", at("source"), "--to", at("backup")))
                .as(() -> err.toString(UTF_8))
                .isZero();

        assertThat(out.toString(UTF_8))
                .contains("rows: ")
                .contains("instance 1")
                .contains("recording 1")
                .contains("blobs: 1 copied (1.0 MB) and read back, 0 there already");
        assertThat(folder.resolve("backup/blobs/files/f/recording")).hasSize(1 << 20);
    }

    @Test
    void replacesATargetThatHoldsDataOnlyWhenItIsTold() {
        copy("--from", at("source"), "--to", at("backup"));

        assertThat(copy("--from", at("source"), "--to", at("backup"))).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("holds data already: ").contains("--replace makes it equal to");
        assertThat(copy("--from", at("source"), "--to", at("backup"), "--replace"))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("blobs: 0 copied (0.0 MB) and read back, 1 there already");
    }

    @Test
    void copiesFromAFolderThatAServerUsesButNotIntoOne() throws Exception {
        Path settings = folder.resolve("server.yaml");
        Files.writeString(settings, "data:\n  folder: " + at("source") + "\n");
        try (DataFolder server = DataFolder.open(folder.resolve("source"))) {
            assertThat(copy("--from", settings.toString(), "--to", at("backup")))
                    .as(() -> err.toString(UTF_8))
                    .isZero();
            assertThat(copy("--from", at("backup"), "--to", at("source"), "--replace"))
                    .isEqualTo(1);
            assertThat(err.toString(UTF_8)).contains("is in use by another server");
        }
    }

    @Test
    void movesToADatabaseOfPostgresAndBack() throws Exception {
        PostgresAccess access = TestPostgres.newDatabase();
        Path cluster = folder.resolve("cluster.yaml");
        Files.writeString(
                cluster,
                "data:\n  folder: " + at("cluster") + "\n  database: " + access.url() + "\n  database-user: "
                        + access.user() + "\n");

        assertThat(copy("--from", at("source"), "--to", cluster.toString()))
                .as(() -> err.toString(UTF_8))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("to " + access.url() + " with ");
        assertThat(copy("--from", cluster.toString(), "--to", at("back")))
                .as(() -> err.toString(UTF_8))
                .isZero();

        assertThat(folder.resolve("back/blobs/files/f/recording")).hasSize(1 << 20);
        try (JdbcStore back = JdbcStore.sqlite(folder.resolve("back/davylamp.db"))) {
            assertThat(back.<Boolean>read(tx -> tx.recordings().byId("f").isPresent()
                            && tx.instances().find("shop", "shop-1").isPresent()))
                    .isTrue();
        }
    }

    @Test
    void doesNotCopyIntoADatabaseThatAServerUses() throws Exception {
        PostgresAccess access = TestPostgres.newDatabase();
        Path cluster = folder.resolve("cluster.yaml");
        Files.writeString(
                cluster,
                "data:\n  folder: " + at("cluster") + "\n  database: " + access.url() + "\n  database-user: "
                        + access.user() + "\n");
        try (JdbcStore used = JdbcStore.postgres(access)) {
            long now = used.clock().millis();
            used.write(tx -> {
                tx.servers().put(new ServerRow(new ServerId("s1"), "one", "1", "h", "a", new TreeMap<>(), 0, now, now));
                return null;
            });
        }

        assertThat(copy("--from", at("source"), "--to", cluster.toString())).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("the server one uses it");
    }

    @Test
    void saysWhatIsWrongWithAPlace() {
        assertThat(copy("--from", at("nowhere"), "--to", at("backup"))).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("--from " + at("nowhere")).contains("no data folder");
        assertThat(copy("--from", at("source"), "--to", at("source"))).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("the target is the source");
        assertThat(copy("--from", at("source"))).isEqualTo(2);
        assertThat(copy("--from", at("source"), "--too", "x")).isEqualTo(2);
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }
}
