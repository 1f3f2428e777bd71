package io.davylamp.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.run.Engine;
import io.davylamp.agent.run.NativeLibrary;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Welcome;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Servers that do what a test wants, and an agent that speaks with them. */
final class FakeServers {
    private FakeServers() {}

    static Server start(BindableService... services) throws IOException {
        OkHttpServerBuilder builder = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create());
        for (BindableService service : services) {
            builder.addService(service);
        }
        return builder.build().start();
    }

    /** An agent of this JVM; with a profiler or without. */
    static TaskLink agent(Path folder, int port, String arguments, boolean profiler) throws IOException {
        AgentConfig config = AgentConfig.of(
                "service=shop,instance=one,folder=" + folder + ",server=127.0.0.1:" + port + "," + arguments, Map.of());
        Folder own = Folder.open(config);
        log = own.file("agent.log").toPath();
        NativeLibrary library = profiler
                ? NativeLibrary.load(folder.toFile())
                : NativeLibrary.none(Unable.because(Unable.PLATFORM, "no profiler here"));
        TaskLink link = new TaskLink(
                config,
                UUID.randomUUID().toString(),
                own,
                new Journal(config, own),
                Engine.asyncProfiler(library),
                new AgentLog(own.file("agent.log")),
                state -> {});
        link.start();
        return link;
    }

    /** Ends an agent wholly, so that its folder can go. */
    static void end(TaskLink agent) throws InterruptedException {
        agent.stop();
        assertThat(agent.awaitEnd(30_000)).isTrue();
    }

    /** Speaks {@code davylamp.v1}: welcomes everybody, keeps what it hears, says what it is told to. */
    static class Recording extends AgentServiceGrpc.AgentServiceImplBase {
        final List<AgentMessage> heard = new CopyOnWriteArrayList<>();
        final List<DeliverRequest> delivered = new CopyOnWriteArrayList<>();
        volatile StreamObserver<ServerMessage> agent;
        volatile boolean hangs;
        volatile Function<DeliverRequest, DeliverReply> answer = request -> null;

        @Override
        public StreamObserver<AgentMessage> link(StreamObserver<ServerMessage> out) {
            return new StreamObserver<>() {
                @Override
                public void onNext(AgentMessage message) {
                    heard.add(message);
                    if (message.hasHello() && agent != out) {
                        out.onNext(ServerMessage.newBuilder()
                                .setWelcome(Welcome.newBuilder().setHeartbeatSeconds(1))
                                .build());
                        agent = out;
                    } else if (message.hasHeartbeat() && !hangs) {
                        out.onNext(ServerMessage.newBuilder()
                                .setHeartbeat(Heartbeat.getDefaultInstance())
                                .build());
                    }
                }

                @Override
                public void onError(Throwable e) {}

                @Override
                public void onCompleted() {
                    out.onCompleted();
                }
            };
        }

        @Override
        public StreamObserver<DeliverRequest> deliver(StreamObserver<DeliverReply> out) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DeliverRequest request) {
                    delivered.add(request);
                    DeliverReply reply = answer.apply(request);
                    if (reply != null) {
                        out.onNext(reply);
                    }
                }

                @Override
                public void onError(Throwable e) {}

                @Override
                public void onCompleted() {
                    out.onCompleted();
                }
            };
        }

        List<Report> reports() {
            return heard.stream()
                    .filter(AgentMessage::hasReport)
                    .map(AgentMessage::getReport)
                    .toList();
        }
    }

    /** Of the agent that was started last: what a test that waits in vain has to tell. */
    private static volatile Path log;

    private static String said() {
        try {
            return log == null ? "nothing, there is none" : Files.readString(log);
        } catch (IOException e) {
            return "nothing (" + e + ")";
        }
    }

    /** Waits until something is so, for minutes at most, where the machine is busy. */
    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not come to be; the agent says: " + said());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
