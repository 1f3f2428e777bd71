package io.davylamp.agent.link;

import com.google.protobuf.ByteString;
import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse;
import io.davylamp.wire.skywalking.v10.AsyncProfilerData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerMetaData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.skywalking.v10.AsyncProfilingStatus;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.KeyStringValuePair;
import io.davylamp.wire.skywalking.v3.ManagementServiceGrpc;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Welcome;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A SkyWalking server, which knows nothing of {@code davylamp.v1}: speaks its plain protocol as its own agent does. It cannot be
 * told how far a task is, only a recording or why there is none.
 */
final class SkyWalkingLine implements Line {
    private static final int PIECE_BYTES = 256 << 10;
    private static final long POLL_SECONDS = 5;
    private static final long PING_SECONDS = 20;
    private static final long DEADLINE_SECONDS = 30;
    private static final long UPLOAD_MINUTES = 30;

    private final Channel channel;
    private final AgentConfig config;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Listener listener;
    private final Map<String, String> failed = new HashMap<>();
    private Hello hello = Hello.getDefaultInstance();
    private long lastCommandTime = -1;
    private boolean welcomed;
    private boolean closed;

    SkyWalkingLine(
            Channel channel, AgentConfig config, ScheduledThreadPoolExecutor main, AgentLog log, Listener listener) {
        this.channel = channel;
        this.config = config;
        this.main = main;
        this.log = log;
        this.listener = listener;
    }

    @Override
    public void open(Hello first) {
        hello = first;
        InstanceProperties.Builder properties =
                InstanceProperties.newBuilder().setService(hello.getService()).setServiceInstance(hello.getInstance());
        hello.getPropertiesMap()
                .forEach((key, value) -> properties.addProperties(
                        KeyStringValuePair.newBuilder().setKey(key).setValue(value)));
        hello.getLabelsMap()
                .forEach((key, value) -> properties.addProperties(
                        KeyStringValuePair.newBuilder().setKey("label." + key).setValue(value)));
        properties.addProperties(
                KeyStringValuePair.newBuilder().setKey("language").setValue("java"));
        ManagementServiceGrpc.newStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .reportInstanceProperties(properties.build(), answer(answer -> {
                    ping();
                    poll();
                }));
    }

    private interface Answer<T> {
        void take(T answer) throws Throwable;
    }

    /** Observes a call whose failure ends the line. */
    private <T> StreamObserver<T> answer(Answer<T> taker) {
        return new StreamObserver<T>() {
            @Override
            public void onNext(T answer) {
                if (!closed) {
                    Quietly.run(log, "answer", () -> taker.take(answer));
                }
            }

            @Override
            public void onError(Throwable e) {
                if (!closed) {
                    closed = true;
                    listener.lost(Loss.of(e), e.getMessage());
                }
            }

            @Override
            public void onCompleted() {
                // A unary call has ended with its answer.
            }
        };
    }

    private void later(long seconds, Quietly.Work work) {
        main.schedule(
                Quietly.task(log, "SkyWalking", () -> {
                    if (!closed) {
                        work.run();
                    }
                }),
                seconds,
                TimeUnit.SECONDS);
    }

    private void ping() {
        ManagementServiceGrpc.newStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .keepAlive(
                        InstancePingPkg.newBuilder()
                                .setService(hello.getService())
                                .setServiceInstance(hello.getInstance())
                                .build(),
                        answer(commands -> later(PING_SECONDS, this::ping)));
    }

    private void poll() {
        AsyncProfilerTaskGrpc.newStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .getAsyncProfilerTaskCommands(
                        AsyncProfilerTaskCommandQuery.newBuilder()
                                .setService(hello.getService())
                                .setServiceInstance(hello.getInstance())
                                .setLastCommandTime(lastCommandTime)
                                .build(),
                        answer(commands -> {
                            if (!welcomed) {
                                welcomed = true;
                                listener.received(ServerMessage.newBuilder()
                                        .setWelcome(Welcome.newBuilder()
                                                .setServerVersion("of SkyWalking")
                                                .setHeartbeatSeconds((int) PING_SECONDS))
                                        .build());
                            }
                            later(POLL_SECONDS, this::poll);
                            commands.getCommandsList().forEach(this::take);
                        }));
    }

    private void take(io.davylamp.wire.skywalking.v3.Command command) {
        Map<String, String> args = new HashMap<>();
        command.getArgsList().forEach(arg -> args.put(arg.getKey(), arg.getValue()));
        if (!command.getCommand().equals("AsyncProfilerTaskQuery") || !args.containsKey("TaskId")) {
            return;
        }
        try {
            long created = Long.parseLong(args.getOrDefault("CreateTime", ""));
            int seconds = Integer.parseInt(args.getOrDefault("Duration", ""));
            if (created > lastCommandTime) {
                lastCommandTime = created;
                listener.received(ServerMessage.newBuilder()
                        .setCommand(io.davylamp.wire.v1.Command.newBuilder()
                                .setAssignmentId(args.get("TaskId"))
                                .setDurationSeconds(seconds)
                                .setOptions(readable(args.getOrDefault("ExecArgs", ""))))
                        .build());
            }
        } catch (NumberFormatException e) {
            log.info("a command of the server has no number where one belongs: " + args);
        }
    }

    /** With samples of the wall clock as the server knows them: it passes over those that the profiler sums up by itself. */
    private static String readable(String options) {
        boolean wall = false;
        for (String option : options.split(",", -1)) {
            wall |= option.equals("event=wall") || option.equals("wall") || option.startsWith("wall=");
            if (option.equals("nobatch")) {
                return options;
            }
        }
        return wall ? options + ",nobatch" : options;
    }

    @Override
    public void send(AgentMessage message) {
        Report report = message.getReport();
        if (report.hasFailed() && !closed && failed.put(report.getAssignmentId(), "") == null) {
            String instance = report.getInstance().isEmpty() ? hello.getInstance() : report.getInstance();
            StreamObserver<AsyncProfilerData> out = AsyncProfilerTaskGrpc.newStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .collect(new Ignored<>());
            out.onNext(AsyncProfilerData.newBuilder()
                    .setMetaData(metaData(instance, report.getAssignmentId(), -1)
                            .setType(AsyncProfilingStatus.EXECUTION_TASK_ERROR))
                    .setErrorMessage(report.getFailed().getReason())
                    .build());
            out.onCompleted();
        }
    }

    private AsyncProfilerMetaData.Builder metaData(String instance, String task, long bytes) {
        return AsyncProfilerMetaData.newBuilder()
                .setService(hello.getService())
                .setServiceInstance(instance)
                .setTaskId(task)
                .setContentSize((int) Math.min(Integer.MAX_VALUE, bytes));
    }

    private static final class Ignored<T> implements StreamObserver<T> {
        @Override
        public void onNext(T value) {}

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onCompleted() {}
    }

    @Override
    public void deliver(Outbox.Waiting recording, Outcome outcome) throws IOException {
        SortedMap<Long, Byte> changes = new TreeMap<>();
        try {
            changes = OlderReader.changes(recording.file);
        } catch (IOException e) {
            log.info("the recording of task " + recording.assignment
                    + " goes to SkyWalking's server as it is, which may be unable to read it: " + e.getMessage());
        }
        new Upload(recording, new FileInputStream(recording.file), changes, outcome).begin();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** One recording on its way: no content before the server's answer, and only as fast as it is taken. */
    private final class Upload implements ClientResponseObserver<AsyncProfilerData, AsyncProfilerCollectionResponse> {
        private final Outbox.Waiting recording;
        private final InputStream in;
        /** Bytes to send in place of the file's, by place. */
        private final SortedMap<Long, Byte> changes;

        private final Outcome outcome;
        private final Pace pace = new Pace(config.uploadBytesPerSecond);
        private ClientCallStreamObserver<AsyncProfilerData> out;
        private long sentBytes;
        private boolean proceed;
        private boolean tooLarge;
        private boolean sent;
        private boolean ended;

        Upload(Outbox.Waiting recording, InputStream in, SortedMap<Long, Byte> changes, Outcome outcome) {
            this.recording = recording;
            this.in = in;
            this.changes = changes;
            this.outcome = outcome;
        }

        void begin() {
            AsyncProfilerTaskGrpc.newStub(channel)
                    .withDeadlineAfter(UPLOAD_MINUTES, TimeUnit.MINUTES)
                    .collect(this);
            out.onNext(AsyncProfilerData.newBuilder()
                    .setMetaData(metaData(recording.instance, recording.assignment, recording.file.length())
                            .setType(AsyncProfilingStatus.PROFILING_SUCCESS))
                    .build());
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AsyncProfilerData> stream) {
            out = stream;
            stream.setOnReadyHandler(this::pump);
        }

        @Override
        public void onNext(AsyncProfilerCollectionResponse answer) {
            tooLarge = answer.getType() == AsyncProfilingStatus.TERMINATED_BY_OVERSIZE;
            proceed = true;
            pump();
        }

        private void pump() {
            if (!proceed || sent || ended) {
                return;
            }
            try {
                byte[] buffer = new byte[PIECE_BYTES];
                while (out.isReady() || tooLarge) {
                    int n = tooLarge ? -1 : in.read(buffer);
                    if (n < 0) {
                        sent = true;
                        out.onCompleted();
                        return;
                    }
                    for (Map.Entry<Long, Byte> change :
                            changes.subMap(sentBytes, sentBytes + n).entrySet()) {
                        buffer[(int) (change.getKey() - sentBytes)] = change.getValue();
                    }
                    sentBytes += n;
                    out.onNext(AsyncProfilerData.newBuilder()
                            .setContent(ByteString.copyFrom(buffer, 0, n))
                            .build());
                    long wait = pace.took(n);
                    if (wait > 0) {
                        main.schedule(Quietly.task(log, "pump", this::pump), wait, TimeUnit.MILLISECONDS);
                        return;
                    }
                }
            } catch (IOException e) {
                out.cancel("cannot read " + recording.file, e);
            }
        }

        @Override
        public void onError(Throwable e) {
            end(() -> outcome.later(String.valueOf(e.getMessage())));
        }

        @Override
        public void onCompleted() {
            end(() -> {
                if (tooLarge) {
                    outcome.refused(
                            "the recording of " + recording.file.length() + " bytes is too large for the server");
                } else if (sent) {
                    outcome.stored();
                } else {
                    outcome.later("the server ended the upload early");
                }
            });
        }

        private void end(Runnable tell) {
            if (!ended) {
                ended = true;
                Quietly.run(log, "close", in::close);
                tell.run();
            }
        }
    }
}
