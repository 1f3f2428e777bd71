package io.davylamp.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.store.TestPostgres;
import io.davylamp.store.copy.Copy;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;
import io.davylamp.store.s3.S3Server.Call;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder to a real PostgreSQL server and a service that speaks S3, killed on the way, and back. */
class CopyBetweenPlacesTest {
    private static final int RECORDINGS = 12;
    private static final int BYTES = 300_000;

    private static S3Server server;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    /** The copy as a process of its own: {@code FOLDER URL USER ENDPOINT}; tells each blob. */
    public static final class Killed {
        private Killed() {}

        public static void main(String[] arguments) throws Exception {
            Path from = Path.of(arguments[0]);
            try (JdbcStore source = JdbcStore.sqlite(from.resolve("davylamp.db"));
                    JdbcStore target = JdbcStore.postgres(new PostgresAccess(arguments[1], arguments[2], "", "", 6));
                    S3Blobs bucket = S3Blobs.open(
                            S3Config.of("s3://" + S3Server.BUCKET + "/copied", arguments[3], "us-east-1", true));
                    Copy copy = new Copy(
                            source,
                            FileBlobs.openBeside(from.resolve("blobs")),
                            target,
                            bucket,
                            Clock.systemUTC(),
                            (blobs, bytes) -> System.out.println("far " + blobs))) {
                copy.run();
            }
        }
    }

    private static Recording recording(int i, byte[] bytes) throws Exception {
        return new Recording(
                "f" + i,
                Origin.OPENED_FILE,
                "",
                "",
                "file-" + i,
                new TreeMap<>(),
                0,
                0,
                "files/f" + i + "/recording",
                "files/f" + i + "/profile",
                bytes.length,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                RecordingState.STORED,
                0,
                0,
                "",
                i,
                0,
                i,
                Recording.FOR_GOOD);
    }

    private Path fill() throws Exception {
        Path from = Files.createDirectories(folder.resolve("from"));
        FileBlobs blobs = FileBlobs.open(from.resolve("blobs"));
        Random random = new Random(1);
        try (JdbcStore store = JdbcStore.sqlite(from.resolve("davylamp.db"))) {
            for (int i = 0; i < RECORDINGS; i++) {
                byte[] bytes = new byte[BYTES];
                random.nextBytes(bytes);
                Recording recording = recording(i, bytes);
                try (Blobs.Writer writer = blobs.writer(recording.bytesKey())) {
                    writer.write(ByteBuffer.wrap(bytes));
                    writer.commit();
                }
                store.<Void>write(tx -> {
                    tx.recordings().insert(recording);
                    return null;
                });
            }
        }
        return from;
    }

    /** Runs the copy until it has told of a third of the blobs, and kills it. */
    private void killInTheMiddle(Path from, PostgresAccess access) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        from.toString(),
                        access.url(),
                        access.user(),
                        server.endpoint())
                .redirectErrorStream(true);
        builder.environment().put("AWS_ACCESS_KEY_ID", "the-key");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "the-secret");
        Process process = builder.start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.equals("far " + RECORDINGS / 3)) {
                    process.destroyForcibly();
                    break;
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(said).contains("far " + RECORDINGS / 3);
    }

    private static Copy.Result copy(JdbcStore from, Blobs fromBlobs, JdbcStore to, Blobs toBlobs) throws IOException {
        try (Copy copy = new Copy(from, fromBlobs, to, toBlobs, Clock.systemUTC(), (blobs, bytes) -> {})) {
            return copy.run();
        }
    }

    private static List<Recording> recordings(JdbcStore store) {
        return store.read(tx -> tx.recordings().ofOrigin(Origin.OPENED_FILE));
    }

    private static List<String> hashes(Path blobs) throws Exception {
        try (Stream<Path> files = Files.walk(blobs)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return blobs.relativize(file) + " "
                                    + HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDataFolderGoesToPostgresAndS3AndBackOverKillsAndFaults() throws Exception {
        Path from = fill();
        Path back = Files.createDirectories(folder.resolve("back"));
        PostgresAccess access = TestPostgres.newDatabase();

        killInTheMiddle(from, access);

        try (JdbcStore source = JdbcStore.sqlite(from.resolve("davylamp.db"));
                JdbcStore cluster = JdbcStore.postgres(access);
                S3Blobs bucket = S3Blobs.open(server.config("copied"), S3Server.CREDENTIALS);
                JdbcStore target = JdbcStore.sqlite(back.resolve("davylamp.db"))) {
            assertThat(recordings(cluster)).isEmpty();

            Copy.Result there = copy(source, FileBlobs.openBeside(from.resolve("blobs")), cluster, bucket);

            assertThat(there.troubles()).isEmpty();
            assertThat(there.present()).isGreaterThanOrEqualTo(RECORDINGS / 3);
            assertThat(there.present() + there.blobs()).isEqualTo(RECORDINGS);
            assertThat(recordings(cluster)).isEqualTo(recordings(source));

            FileBlobs files = FileBlobs.open(back.resolve("blobs"));
            // So many that the client's own repetitions do not help.
            server.refuse(Call.GET, 503, 1_000);
            assertThatThrownBy(() -> copy(cluster, bucket, target, files)).isInstanceOf(IOException.class);
            server.work();
            Copy.Result again = copy(cluster, bucket, target, files);

            assertThat(again.troubles()).isEmpty();
            assertThat(recordings(target)).isEqualTo(recordings(source));
        }
        assertThat(hashes(back.resolve("blobs")))
                .isEqualTo(hashes(from.resolve("blobs")))
                .hasSize(RECORDINGS);
    }
}
