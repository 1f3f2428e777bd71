package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.store.StoreException.Kind;
import io.davylamp.store.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PostgresFaultTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static String name(PostgresAccess access) {
        return access.url().substring(access.url().lastIndexOf('/') + 1);
    }

    private static PostgresAccess impatient(String url) {
        return new PostgresAccess(url, "postgres", "", "", 2, SHORT, SHORT);
    }

    private static void put(Store store) {
        store.<Void>write(tx -> {
            tx.instances()
                    .put(new Instance(
                            "i", "s", "n", new TreeMap<>(), Labels.NONE, Unable.NO, "l", "", Abilities.ALL, 0, 1, 2));
            return null;
        });
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> opening(PostgresAccess access, Kind kind) {
        AbstractThrowableAssert<?, ? extends Throwable> thrown =
                assertThatThrownBy(() -> JdbcStore.postgres(access).close());
        thrown.asInstanceOf(type(StoreException.class))
                .extracting(StoreException::kind)
                .isEqualTo(kind);
        return thrown.hasMessageContaining(access.url()).hasMessageContaining(access.user());
    }

    @Test
    void aServerThatDoesNotRunIsNamedWithinSeconds() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        opening(impatient("jdbc:postgresql://127.0.0.1:" + port + "/x"), Kind.AWAY)
                .hasMessageContaining("refused");
    }

    @Test
    void aServerThatTakesConnectionsAndNeverAnswersIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            opening(impatient("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x?sslmode=disable"), Kind.AWAY)
                    .hasMessageContaining("no answer within");
        }
    }

    @Test
    void whenOneConnectionIsCutThoseThatWaitAreReplacedToo() {
        PostgresAccess access = TestPostgres.newDatabase();
        String connected = "SELECT pid::text FROM pg_stat_activity WHERE datname = '" + name(access)
                + "' AND application_name = 'davylamp' AND pid <> pg_backend_pid()";
        try (JdbcStore store = JdbcStore.postgres(access)) {
            put(store);
            Awaitility.await().until(() -> TestPostgres.texts(access, connected).size() >= 2);
            List<String> before = TestPostgres.texts(access, connected);

            assertThatThrownBy(() -> store.read(
                            tx -> JdbcStore.handle(tx).execute("SELECT pg_terminate_backend(pg_backend_pid())")))
                    .isInstanceOf(StoreException.class);

            put(store);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(TestPostgres.texts(access, connected))
                            .isNotEmpty()
                            .doesNotContainAnyElementsOf(before));
        }
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        opening(impatient("jdbc:postgresql://no-such-host.invalid/x"), Kind.AWAY)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void aDatabaseThatIsMissingIsToBeMade() {
        opening(TestPostgres.access("missing", "postgres", ""), Kind.AWAY)
                .hasMessageContaining("there is no such database")
                .hasMessageContaining("CREATE DATABASE");
    }

    @Test
    void aWrongPasswordIsSaidAndNotShown() throws Exception {
        PostgresAccess access = TestPostgres.newDatabase();
        TestPostgres.execute(
                "postgres",
                "SET password_encryption = 'scram-sha-256'; CREATE ROLE guarded LOGIN PASSWORD 'right' SUPERUSER");
        Path hba = Path.of(TestPostgres.texts(access, "SHOW hba_file").get(0));
        Files.writeString(hba, "host all guarded all scram-sha-256\n" + Files.readString(hba));
        TestPostgres.execute("postgres", "SELECT pg_reload_conf()");

        opening(TestPostgres.access(name(access), "guarded", "wrong-one"), Kind.AWAY)
                .hasMessageContaining("the password is wrong")
                .hasMessageNotContaining("wrong-one");
        JdbcStore.postgres(TestPostgres.access(name(access), "guarded", "right"))
                .close();
    }

    @Test
    void aRoleThatMayNotMakeTablesIsToldWhichRightIsMissing() {
        PostgresAccess access = TestPostgres.newDatabase();
        TestPostgres.execute("postgres", "CREATE ROLE looker LOGIN");
        // Until 14 everybody could.
        TestPostgres.execute(name(access), "REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        opening(TestPostgres.access(name(access), "looker", ""), Kind.READ_ONLY)
                .hasMessageContaining("may not create tables")
                .hasMessageContaining("GRANT CREATE ON SCHEMA public TO looker");
    }

    @Test
    void aStandbyIsRefusedAtTheStart() {
        PostgresAccess access = TestPostgres.newDatabase();
        TestPostgres.execute("postgres", "ALTER DATABASE " + name(access) + " SET default_transaction_read_only = on");

        opening(access, Kind.READ_ONLY).hasMessageContaining("takes no changes");
    }

    @Test
    void tablesOfAnotherProgramAreLeftAlone() {
        PostgresAccess access = TestPostgres.newDatabase();
        TestPostgres.execute(name(access), "CREATE TABLE customer (id TEXT)");

        opening(access, Kind.BROKEN).hasMessageContaining("tables of another program");
        assertThat(TestPostgres.texts(access, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("customer");
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedUnlessThatVersionAllowsIt() {
        PostgresAccess access = TestPostgres.newDatabase();
        JdbcStore.postgres(access).close();
        TestPostgres.execute(
                name(access),
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                        + " execution_time, success) VALUES (900, '900', 'later', 'SQL', 'V900__later.sql', 'x', 1, true)");
        JdbcStore.postgres(access).close();

        TestPostgres.execute(name(access), "UPDATE oldest_server SET schema_version = 900");

        opening(access, Kind.BROKEN)
                .hasMessageContaining("newer version of Davylamp")
                .hasMessageContaining("900");
    }

    @Test
    void serversThatStartAtOnceMakeTheSchemaOnce() {
        PostgresAccess access = TestPostgres.newDatabase();

        List<CompletableFuture<JdbcStore>> opening = List.of(
                CompletableFuture.supplyAsync(() -> JdbcStore.postgres(access)),
                CompletableFuture.supplyAsync(() -> JdbcStore.postgres(access)));

        for (CompletableFuture<JdbcStore> each : opening) {
            try (JdbcStore store = each.join()) {
                put(store);
            }
        }
        assertThat(TestPostgres.texts(access, "SELECT count(*) FROM instance")).containsExactly("1");
    }

    @Test
    void aPrimaryThatBecameAStandbyIsSaidAndTheNextConnectionMayLeadToTheNewOne() {
        PostgresAccess access = TestPostgres.newDatabase();
        try (JdbcStore store = JdbcStore.postgres(impatient(access.url()))) {
            store.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");

            assertThatThrownBy(() -> put(store))
                    .asInstanceOf(type(StoreException.class))
                    .extracting(StoreException::kind)
                    .isEqualTo(Kind.READ_ONLY);
            assertThat(store.trouble().orElseThrow()).contains("takes no changes");

            put(store);
            assertThat(store.trouble()).isEmpty();
        }
    }

    @Test
    void aStatementThatTakesTooLongIsEnded() {
        PostgresAccess access = TestPostgres.newDatabase();
        try (JdbcStore store = JdbcStore.postgres(impatient(access.url()))) {
            assertThatThrownBy(() -> store.write(tx -> JdbcStore.handle(tx).execute("SELECT pg_sleep(60)")))
                    .asInstanceOf(type(StoreException.class))
                    .extracting(StoreException::kind)
                    .isEqualTo(Kind.BUSY);

            put(store);
        }
    }

    @Test
    void connectionsThatTheDatabaseEndedAreReplaced() {
        PostgresAccess access = TestPostgres.newDatabase();
        try (JdbcStore store = JdbcStore.postgres(impatient(access.url()))) {
            put(store);
            TestPostgres.endConnections("datname = '" + name(access) + "'");

            // The pool may have noticed already, or the first one meets the old connection.
            StoreException first = catchThrowableOfType(StoreException.class, () -> put(store));
            if (first != null) {
                assertThat(first.kind()).isEqualTo(Kind.AWAY);
            }
            put(store);
        }
    }

    @Test
    void aStatementThatTheDatabaseRefusesIsAFaultOfTheCallerAndRunsOnce() {
        PostgresAccess access = TestPostgres.newDatabase();
        int[] runs = {0};
        try (JdbcStore store = JdbcStore.postgres(access)) {
            assertThatThrownBy(() -> store.write(tx -> {
                        runs[0]++;
                        return JdbcStore.handle(tx).execute("INSERT INTO oldest_server (schema_version) VALUES (NULL)");
                    }))
                    .isNotInstanceOf(StoreException.class);
            assertThat(runs[0]).isOne();
        }
    }
}
