package io.davylamp.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse;
import io.davylamp.wire.skywalking.v10.AsyncProfilerData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.skywalking.v10.AsyncProfilingStatus;
import io.davylamp.wire.skywalking.v3.Command;
import io.davylamp.wire.skywalking.v3.Commands;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.KeyStringValuePair;
import io.davylamp.wire.skywalking.v3.ManagementServiceGrpc;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import one.jfr.JfrReader;
import one.jfr.event.Event;
import one.jfr.event.ExecutionSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that knows nothing of {@code davylamp.v1}, as SkyWalking's. */
class SkyWalkingServerTest {
    @TempDir
    Path below;

    private final List<AsyncProfilerTaskCommandQuery> polls = new CopyOnWriteArrayList<>();
    private final List<InstanceProperties> known = new CopyOnWriteArrayList<>();
    private final List<AsyncProfilerData> collected = new CopyOnWriteArrayList<>();
    private volatile boolean done;

    private final class Management extends ManagementServiceGrpc.ManagementServiceImplBase {
        @Override
        public void reportInstanceProperties(InstanceProperties request, StreamObserver<Commands> out) {
            known.add(request);
            out.onNext(Commands.getDefaultInstance());
            out.onCompleted();
        }

        @Override
        public void keepAlive(InstancePingPkg request, StreamObserver<Commands> out) {
            out.onNext(Commands.getDefaultInstance());
            out.onCompleted();
        }
    }

    private final class Profiler extends AsyncProfilerTaskGrpc.AsyncProfilerTaskImplBase {
        private final String options;

        Profiler(String options) {
            this.options = options;
        }

        @Override
        public void getAsyncProfilerTaskCommands(AsyncProfilerTaskCommandQuery request, StreamObserver<Commands> out) {
            polls.add(request);
            Commands.Builder commands = Commands.newBuilder();
            if (request.getLastCommandTime() < 1_000) {
                Command.Builder command = Command.newBuilder().setCommand("AsyncProfilerTaskQuery");
                Map.of(
                                "SerialNumber", "s1",
                                "TaskId", "1000_c2hvcA==.1",
                                "Duration", "1",
                                "ExecArgs", options,
                                "CreateTime", "1000")
                        .forEach((key, value) -> command.addArgs(
                                KeyStringValuePair.newBuilder().setKey(key).setValue(value)));
                commands.addCommands(command);
            }
            out.onNext(commands.build());
            out.onCompleted();
        }

        @Override
        public StreamObserver<AsyncProfilerData> collect(StreamObserver<AsyncProfilerCollectionResponse> out) {
            return new StreamObserver<>() {
                @Override
                public void onNext(AsyncProfilerData data) {
                    collected.add(data);
                    if (data.hasMetaData() && data.getErrorMessage().isEmpty()) {
                        out.onNext(AsyncProfilerCollectionResponse.newBuilder()
                                .setType(AsyncProfilingStatus.PROFILING_SUCCESS)
                                .build());
                    }
                }

                @Override
                public void onError(Throwable e) {}

                @Override
                public void onCompleted() {
                    out.onCompleted();
                    done = true;
                }
            };
        }
    }

    @Test
    void isFoundOutAndServedInItsOwnProtocol() throws Exception {
        Server server = FakeServers.start(new Management(), new Profiler("event=cpu,interval=1ms"));
        TaskLink agent = FakeServers.agent(below, server.getPort(), "labels=zone=a", true);
        try {
            FakeServers.await(() -> done);
        } finally {
            FakeServers.end(agent);
            server.shutdownNow();
        }

        assertThat(known.get(0).getService()).isEqualTo("shop");
        assertThat(known.get(0).getPropertiesList())
                .contains(KeyStringValuePair.newBuilder()
                        .setKey("label.zone")
                        .setValue("a")
                        .build());
        assertThat(polls.get(0).getLastCommandTime()).isEqualTo(-1);
        assertThat(collected.get(0).getMetaData().getTaskId()).isEqualTo("1000_c2hvcA==.1");
        assertThat(collected.get(0).getMetaData().getType()).isEqualTo(AsyncProfilingStatus.PROFILING_SUCCESS);
        ByteArrayOutputStream recording = new ByteArrayOutputStream();
        for (AsyncProfilerData data : collected) {
            recording.write(data.getContent().toByteArray());
        }
        assertThat(recording.size()).isEqualTo(collected.get(0).getMetaData().getContentSize());
        assertThat(new String(recording.toByteArray(), 0, 3, StandardCharsets.US_ASCII))
                .isEqualTo("FLR");
    }

    /** The judge is the library that SkyWalking's server reads with. */
    @ParameterizedTest
    @ValueSource(strings = {"event=ctimer,interval=1ms", "event=wall,interval=5ms", "event=ctimer,alloc=1k,wall=5ms"})
    void getsRecordingsThatItCanRead(String options) throws Exception {
        Server server = FakeServers.start(new Management(), new Profiler(options));
        TaskLink agent = FakeServers.agent(below, server.getPort(), "protocol=skywalking", true);
        try {
            // A JVM that only waits uses no processor, and has no samples.
            FakeServers.await(() -> {
                double sum = 0;
                for (int n = 0; n < 1_000_000; n++) {
                    sum += Math.sqrt(n);
                }
                return done && sum > 0;
            });
        } finally {
            FakeServers.end(agent);
            server.shutdownNow();
        }

        ByteArrayOutputStream recording = new ByteArrayOutputStream();
        for (AsyncProfilerData data : collected) {
            recording.write(data.getContent().toByteArray());
        }
        Path file = Files.write(below.resolve("delivered.jfr"), recording.toByteArray());
        int samples = 0;
        try (JfrReader reader = new JfrReader(file.toString())) {
            for (Event event = reader.readEvent(); event != null; event = reader.readEvent()) {
                if (event instanceof ExecutionSample && reader.stackTraces.get(event.stackTraceId) != null) {
                    samples++;
                }
            }
            assertThat(reader.getEnumKey("jdk.types.FrameType", "Kernel")).isPositive();
        }
        assertThat(samples).isPositive();
    }

    @Test
    void isToldWhatCouldNotStart() throws Exception {
        Server server = FakeServers.start(new Management(), new Profiler("event=cpu,file=/tmp/x"));
        TaskLink agent = FakeServers.agent(below, server.getPort(), "protocol=skywalking", false);
        try {
            FakeServers.await(() -> done);
        } finally {
            FakeServers.end(agent);
            server.shutdownNow();
        }

        assertThat(collected.get(0).getMetaData().getType()).isEqualTo(AsyncProfilingStatus.EXECUTION_TASK_ERROR);
        assertThat(collected.get(0).getErrorMessage()).isEqualTo("no profiler here");
    }
}
