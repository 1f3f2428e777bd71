package io.davylamp.core.intake;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads of which several servers receive pieces. A test extends this and opens a database and a storage of bytes twice. */
public abstract class UploadsContract {
    private static final int PART = Blobs.PART_BYTES;
    private static final UploadLimits LIMITS = new UploadLimits(64 << 20, 1_000, 8, Duration.ofSeconds(30), 100);

    private final TestClock clock = new TestClock();
    private final byte[] recording = new byte[2 * PART + 1_000];
    private Server one;
    private Server two;
    private Assignment running;

    /** Opens the same store once more, as another process does. */
    protected abstract Store openStore() throws Exception;

    /** Opens the same blobs once more, as another process does. */
    protected abstract Blobs openBlobs() throws Exception;

    /** One of several servers on the same store. */
    private final class Server implements AutoCloseable {
        final Store store;
        final Blobs blobs;
        final AtomicInteger readBack = new AtomicInteger();
        final Changes changes = new Changes();
        final Assignments assignments;
        final Indexer indexer;
        final Ingest ingest;

        Server(String id) throws Exception {
            store = openStore();
            blobs = openBlobs();
            assignments = new Assignments(store, changes, clock);
            indexer = new Indexer(store, new RecordingReader(blobs, 4 << 20, 1_000), changes, clock, 1);
            ingest = new Ingest(
                    store,
                    counting(blobs, readBack),
                    assignments,
                    new Deadlines(store, assignments, changes, clock),
                    indexer,
                    changes,
                    LIMITS,
                    clock,
                    new ServerId(id));
        }

        Ingest.Answer open() {
            return ingest.open(ANYONE, "shop", "shop-1", running.id(), recording.length, true);
        }

        @Override
        public void close() {
            indexer.close();
            store.close();
        }
    }

    /** Counts the blobs that are opened. */
    private static Blobs counting(Blobs blobs, AtomicInteger opened) {
        return (Blobs) Proxy.newProxyInstance(
                Blobs.class.getClassLoader(), new Class<?>[] {Blobs.class}, (proxy, method, arguments) -> {
                    opened.addAndGet(method.getName().equals("open") ? 1 : 0);
                    try {
                        return method.invoke(blobs, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @BeforeEach
    void open() throws Exception {
        new Random(7).nextBytes(recording);
        one = new Server("one");
        two = new Server("two");
        Ids ids = new Ids();
        Instances instances = new Instances(one.store, ids, one.changes, clock, InstanceLimits.DEFAULT);
        Tasks tasks = new Tasks(one.store, ids, one.changes, clock, TaskLimits.DEFAULT, one.assignments);
        Reports reports = new Reports(one.assignments, one.changes, TaskLimits.DEFAULT);
        Instance shop = instances.hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "life");
        Task task = ((Tasks.Created) tasks.create(ANYONE, CoreRig.spec("shop-1"))).task();
        Assignment offered = new Offers(one.assignments, reports, clock)
                .offer(shop.id(), "life")
                .orElseThrow()
                .assignment();
        reports.running(shop.id(), offered.id(), "", "");
        running = one.assignments.find(task.assignments().get(0).id()).orElseThrow();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    /** Sends up to {@code end} in pieces as an agent does. */
    private void send(Ingest.Upload upload, long end) {
        while (upload.receivedBytes() < end) {
            int from = (int) upload.receivedBytes();
            int length = (int) Math.min(1_000_000, end - from);
            assertThat(upload.write(ByteBuffer.wrap(recording, from, length))).isEmpty();
        }
    }

    private byte[] sha256() throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(recording);
    }

    private void requireDelivered(Server server) throws Exception {
        assertThat(server.assignments.find(running.id()).orElseThrow().state()).isEqualTo(AssignmentState.DELIVERED);
        Recording stored = server.store
                .<Optional<Recording>>read(tx -> tx.recordings().byId(running.id()))
                .orElseThrow();
        assertThat(stored.sha256()).isEqualTo(HexFormat.of().formatHex(sha256()));
        try (Blobs.Blob blob = server.blobs.open(stored.bytesKey()).orElseThrow()) {
            assertThat(blob.read(0, (int) blob.sizeBytes())).isEqualTo(recording);
        }
        assertThat(server.store.<Optional<UploadRow>>read(tx -> tx.uploads().byId(running.id())))
                .isEmpty();
    }

    private static Ingest.Upload admitted(Ingest.Answer answer) {
        assertThat(answer).isInstanceOf(Ingest.Admitted.class);
        return ((Ingest.Admitted) answer).upload();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 999, 2 * PART + 1_000})
    void anotherServerContinuesBehindTheLastWholePartWhereverTheFirstDied(int diesAt) throws Exception {
        send(admitted(one.open()), diesAt);
        assertThat(two.open()).as("as long as the first may live").isInstanceOf(Ingest.Refused.class);
        clock.advance(UploadRow.LEASE);

        Ingest.Upload upload = admitted(two.open());

        assertThat(upload.receivedBytes()).isBetween(diesAt / PART * (long) PART, (long) diesAt);
        send(upload, recording.length);
        assertThat(upload.commit(sha256())).isInstanceOf(Ingest.Stored.class);
        requireDelivered(one);
    }

    @Test
    void anUploadThatBreaksOnEachServerInTurnNeverSendsAByteTwice() throws Exception {
        int[] breaks = {1, 100, PART, PART + 7, PART + 64, 2 * PART - 1, recording.length};
        long at = 0;
        for (int i = 0; i < breaks.length; i++) {
            Ingest.Upload upload = admitted((i % 2 == 0 ? one : two).open());
            assertThat(upload.receivedBytes()).isEqualTo(at);
            send(upload, breaks[i]);
            at = breaks[i];
            upload.interrupt("cut");
            assertThat(one.assignments.find(running.id()).orElseThrow().state()).isEqualTo(AssignmentState.RUNNING);
        }

        assertThat(admitted(two.open()).commit(sha256())).isInstanceOf(Ingest.Stored.class);
        requireDelivered(one);
    }

    @Test
    void onlyAnUploadOfSeveralAttemptsIsReadBackForItsHash() throws Exception {
        Ingest.Upload first = admitted(one.open());
        send(first, PART);
        first.interrupt("cut");
        Ingest.Upload second = admitted(two.open());
        send(second, recording.length);

        assertThat(second.commit(sha256())).isInstanceOf(Ingest.Stored.class);

        assertThat(two.readBack).hasValue(1);
        assertThat(one.readBack).hasValue(0);
    }

    @Test
    void anUploadOfOneAttemptIsNotReadBack() throws Exception {
        Ingest.Upload upload = admitted(one.open());
        send(upload, recording.length);

        assertThat(upload.commit(sha256())).isInstanceOf(Ingest.Stored.class);

        assertThat(one.readBack).hasValue(0);
        requireDelivered(one);
    }

    @Test
    void aContinuedUploadOfOtherBytesIsRefusedAndBeginsAnew() throws Exception {
        Ingest.Upload first = admitted(one.open());
        send(first, PART);
        first.interrupt("cut");
        Ingest.Upload second = admitted(two.open());
        assertThat(second.write(ByteBuffer.allocate(recording.length - PART))).isEmpty();

        Ingest.Answer answer = second.commit(sha256());

        assertThat(answer).isInstanceOf(Ingest.Refused.class);
        assertThat(((Ingest.Refused) answer).keep()).isTrue();
        Ingest.Upload third = admitted(one.open());
        assertThat(third.receivedBytes()).isZero();
        send(third, recording.length);
        assertThat(third.commit(sha256())).isInstanceOf(Ingest.Stored.class);
        requireDelivered(two);
    }

    @Test
    void aServerThatWasTakenForDeadLosesNothingOfWhoTookOver() throws Exception {
        Ingest.Upload paused = admitted(one.open());
        send(paused, PART + 10);
        clock.advance(UploadRow.LEASE);
        Ingest.Upload next = admitted(two.open());
        send(next, 2 * PART);

        one.ingest.renewLeases();
        Optional<Ingest.Refused> refused = paused.write(ByteBuffer.wrap(recording, PART + 10, 100));

        assertThat(refused.orElseThrow().keep()).isTrue();
        send(next, recording.length);
        assertThat(next.commit(sha256())).isInstanceOf(Ingest.Stored.class);
        requireDelivered(two);
        assertThat(one.open()).isInstanceOf(Ingest.Stored.class);
    }

    @Test
    void oneOfTwoServersTakesAnUploadThatComesToBothAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Ingest.Answer> first = one::open;
            Callable<Ingest.Answer> second = two::open;
            Future<Ingest.Answer> a = threads.submit(first);
            Future<Ingest.Answer> b = threads.submit(second);

            assertThat(new Ingest.Answer[] {a.get(), b.get()})
                    .hasAtLeastOneElementOfType(Ingest.Admitted.class)
                    .hasAtLeastOneElementOfType(Ingest.Refused.class);
        } finally {
            threads.shutdown();
        }
    }
}
