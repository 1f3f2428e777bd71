package io.davylamp.server;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.server.grpc.GrpcService;
import io.davylamp.core.CoreRig;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.StoredWork;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.access.NoSignIn;
import io.davylamp.server.agent.AgentDoor;
import io.davylamp.server.agent.LiteMarshallers;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.ServerMessage.MessageCase;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that share nothing but a database, and agents of our own that may be on either. */
abstract class AgentsOnTwoServers {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** For its clock and what agents do not touch here; its store has nothing to do with the servers'. */
    private final CoreRig rig = new CoreRig();

    private final List<ManagedChannel> channels = new ArrayList<>();
    private OneServer first;
    private OneServer second;
    private Instance one;

    /** Opens a handle on the one database of this test. */
    protected abstract Store handle() throws Exception;

    @BeforeEach
    void open() throws Exception {
        first = new OneServer("first", handle());
        second = new OneServer("second", handle());
        one = first.instances.hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "life-1");
    }

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        first.close();
        second.close();
        rig.close();
    }

    /** A server as far as agents see it. */
    private final class OneServer {
        private final Changes changes = new Changes();
        private final Store store;
        private final Instances instances;
        private final Tasks tasks;
        private final StoredWork work;
        private final AgentDoor door;
        private final com.linecorp.armeria.server.Server server;

        OneServer(String name, Store store) {
            this.store = store;
            instances = new Instances(store, rig.ids, changes, rig.clock, InstanceLimits.DEFAULT);
            Assignments assignments = new Assignments(store, changes, rig.clock);
            tasks = new Tasks(store, rig.ids, changes, rig.clock, TaskLimits.DEFAULT, assignments);
            Reports reports = new Reports(assignments, changes, TaskLimits.DEFAULT);
            work = new StoredWork(store, changes, rig.clock);
            door = new AgentDoor(
                    instances,
                    new Offers(assignments, reports, rig.clock),
                    reports,
                    rig.ingest,
                    rig.clock,
                    "test",
                    name);
            changes.listen(door);
            server = com.linecorp.armeria.server.Server.builder()
                    .http(0)
                    .service(GrpcService.builder()
                            .addService(LiteMarshallers.hide(door.bindService()))
                            .useBlockingTaskExecutor(true)
                            .build())
                    .decorator(new NoSignIn())
                    .build();
            server.start().join();
        }

        /** What the server does every 2 s. */
        void look() {
            rig.clock.advance(StoredWork.INTERVAL);
            work.look();
        }

        Task create() {
            return ((Tasks.Created) tasks.create(ANYONE, CoreRig.spec("shop-1"))).task();
        }

        void close() {
            door.close();
            server.stop().join();
            store.close();
        }

        ManagedChannel channel() {
            ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", server.activeLocalPort())
                    .usePlaintext()
                    .build();
            channels.add(channel);
            return channel;
        }
    }

    private static AgentMessage hello(String life, String... holding) {
        return AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setService("shop")
                        .setInstance("shop-1")
                        .setLife(life)
                        .addAllHolding(List.of(holding)))
                .build();
    }

    private static AgentMessage running(String assignment) {
        return AgentMessage.newBuilder()
                .setReport(Report.newBuilder().setAssignmentId(assignment).setRunning(Running.getDefaultInstance()))
                .build();
    }

    /** The agent of shop-1 with a stream. */
    private static final class Streaming implements StreamObserver<ServerMessage> {
        private final ManagedChannel channel;
        private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final StreamObserver<AgentMessage> out;

        Streaming(OneServer to, String life, String... holding) {
            channel = to.channel();
            out = AgentServiceGrpc.newStub(channel).link(this);
            out.onNext(hello(life, holding));
        }

        Object next() throws InterruptedException {
            Object message = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        }

        ServerMessage expect(MessageCase what) throws InterruptedException {
            Object next = next();
            assertThat(next).isInstanceOf(ServerMessage.class);
            assertThat(((ServerMessage) next).getMessageCase()).isEqualTo(what);
            return (ServerMessage) next;
        }

        Status.Code refusal() throws InterruptedException {
            return Status.fromThrowable((Throwable) next()).getCode();
        }

        /** Says that it is there, and is back when the server heard it: nothing else was sent before. */
        void beat() throws InterruptedException {
            out.onNext(AgentMessage.newBuilder()
                    .setHeartbeat(Heartbeat.getDefaultInstance())
                    .build());
            expect(MessageCase.HEARTBEAT);
        }

        @Override
        public void onNext(ServerMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable e) {
            received.add(e);
        }

        @Override
        public void onCompleted() {}
    }

    private Streaming connected(OneServer to, String life, String... holding) throws InterruptedException {
        Streaming agent = new Streaming(to, life, holding);
        agent.expect(MessageCase.WELCOME);
        return agent;
    }

    private Assignment now(Task task) {
        return first.tasks.find(ANYONE, task.id()).orElseThrow().assignments().get(0);
    }

    private AssignmentState state(Task task) {
        return now(task).state();
    }

    @Test
    void whatPeopleWantOfOneServerReachesAnAgentOfTheOther() throws Exception {
        Streaming agent = connected(first, "life");
        Task task = second.create();
        second.look();
        first.look();
        String assignment = agent.expect(MessageCase.COMMAND).getCommand().getAssignmentId();
        agent.out.onNext(running(assignment));
        await().atMost(PATIENCE).until(() -> state(task) == AssignmentState.RUNNING);

        second.tasks.stop(ANYONE, task.id());
        first.look();
        assertThat(agent.expect(MessageCase.STOP).getStop().getAssignmentId()).isEqualTo(assignment);

        second.tasks.cancel(ANYONE, task.id());
        second.create();
        first.look();
        assertThat(agent.expect(MessageCase.CANCEL).getCancel().getAssignmentId())
                .isEqualTo(assignment);
        agent.expect(MessageCase.COMMAND);

        second.instances.trust(ANYONE, one.id());
        first.look();
        agent.expect(MessageCase.TRUST);
        first.look();
        agent.beat();
    }

    @Test
    void aServerGivesNothingToAnAgentThatMovedWithoutItsKnowledge() throws Exception {
        Streaming before = connected(first, "life");
        Streaming now = connected(second, "life");
        Task task = first.create();

        first.look();
        assertThat(before.refusal()).isEqualTo(Status.Code.ABORTED);
        second.look();

        assertThat(now.expect(MessageCase.COMMAND).getCommand().getAssignmentId())
                .isEqualTo(now(task).id());
    }

    @Test
    void anotherJvmOfTheNameIsRefusedByEveryServerUntilTheFirstIsGone() throws Exception {
        Streaming mine = connected(first, "life");
        assertThat(new Streaming(second, "other").refusal()).isEqualTo(Status.Code.ALREADY_EXISTS);
        mine.beat();

        mine.channel.shutdownNow();
        await().atMost(PATIENCE)
                .until(() -> first.instances.find(one.id()).orElseThrow().link().isEmpty());

        connected(second, "other");
    }

    @Test
    void theNameOfAJvmWhoseServerDiedIsFreeWhenItWasSilentForAWhile() throws Exception {
        linkedElsewhere("a server that died/1");
        assertThat(new Streaming(second, "other").refusal()).isEqualTo(Status.Code.ALREADY_EXISTS);

        rig.clock.advance(Duration.ofSeconds(21));

        connected(second, "other");
    }

    private void linkedElsewhere(String link) {
        first.instances.hello(
                ANYONE, "shop", "shop-1", Map.of(), Map.of(), Unable.NO, "life", Abilities.ALL, link, known -> false);
    }

    /** The agent of shop-1 that polls, each time another server. */
    private final class Polling {
        private final List<AgentServiceGrpc.AgentServiceBlockingStub> servers = List.of(
                AgentServiceGrpc.newBlockingStub(first.channel()), AgentServiceGrpc.newBlockingStub(second.channel()));
        private int polls;

        List<ServerMessage> poll(AgentMessage... said) {
            return servers.get(polls++ % 2)
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .poll(PollRequest.newBuilder()
                            .setLife("a line")
                            .addAllMessages(List.of(said))
                            .build())
                    .getMessagesList();
        }

        ServerMessage only(AgentMessage... said) {
            List<ServerMessage> messages = poll(said);
            assertThat(messages).hasSize(1);
            return messages.get(0);
        }
    }

    @Test
    void eachPollOfALineMayReachAnotherServer() {
        Polling agent = new Polling();
        assertThat(agent.only(hello("life")).hasWelcome()).isTrue();
        Task task = first.create();

        String assignment = agent.only().getCommand().getAssignmentId();
        assertThat(assignment).isEqualTo(now(task).id());

        second.instances.trust(ANYONE, one.id());
        first.look();
        assertThat(agent.only(running(assignment)).hasTrust()).isTrue();
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);

        first.tasks.stop(ANYONE, task.id());
        second.look();
        assertThat(agent.only().getStop().getAssignmentId()).isEqualTo(assignment);
    }

    @Test
    void aPollThatWaitsAtOneServerIsAnsweredWithWhatTheOtherWasAskedFor() throws Exception {
        Polling agent = new Polling();
        agent.poll(hello("life"));
        LinkedBlockingQueue<ServerMessage> answered = new LinkedBlockingQueue<>();
        Thread poll = new Thread(() -> answered.addAll(agent.poll()));
        poll.start();
        await().atMost(PATIENCE).until(() -> second.door.connected() == 1);
        Task task = first.create();

        second.look();

        ServerMessage told = answered.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.getCommand().getAssignmentId()).isEqualTo(now(task).id());
        poll.join();
    }

    @Test
    void aLineThatAnotherReplacedIsToldToBeginAnew() {
        Polling agent = new Polling();
        agent.poll(hello("life"));
        linkedElsewhere("poll/a newer line");

        assertThatThrownBy(agent::poll)
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("FAILED_PRECONDITION");
    }
}
