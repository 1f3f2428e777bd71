package io.davylamp.stockagent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The agent's calls by their full names, on bytes. Thread-safe. */
public final class Calls {
    static final String POLL = "skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands";
    static final String COLLECT = "skywalking.v10.AsyncProfilerTask/collect";
    static final String PROPERTIES = "skywalking.v3.ManagementService/reportInstanceProperties";
    static final String KEEP_ALIVE = "skywalking.v3.ManagementService/keepAlive";
    static final String JVM_METRICS = "skywalking.v3.JVMMetricReportService/collect";
    static final String CONFIGURATION = "skywalking.v3.ConfigurationDiscoveryService/fetchConfigurations";
    static final String METERS = "skywalking.v3.MeterReportService/collect";
    static final String TRACES = "skywalking.v3.TraceSegmentReportService/collect";
    static final String EVENTS = "skywalking.v3.EventService/collect";
    static final String TRACE_PROFILING = "skywalking.v3.ProfileTask/getProfileTaskCommands";

    private static final Map<String, MethodDescriptor<byte[], byte[]>> METHODS = new ConcurrentHashMap<>();

    private final Channel channel;
    private final long deadlineMillis;

    public Calls(Channel channel, Duration deadline) {
        this.channel = channel;
        this.deadlineMillis = deadline.toMillis();
    }

    /** Receives the result of a call: its one message, or null, and its status. */
    public interface End {
        void ended(byte[] message, Status status);
    }

    /** A call of one message. */
    public void unary(String method, byte[] request, End end) {
        ClientCalls.asyncUnaryCall(call(method, MethodDescriptor.MethodType.UNARY), request, new One(end));
    }

    /** A call of many messages, sent one after the other without waiting, as the agent does. */
    public void stream(String method, List<byte[]> requests, End end) {
        StreamObserver<byte[]> out = ClientCalls.asyncClientStreamingCall(
                call(method, MethodDescriptor.MethodType.CLIENT_STREAMING), new One(end));
        requests.forEach(out::onNext);
        out.onCompleted();
    }

    /** A call with messages both ways. */
    public StreamObserver<byte[]> both(String method, StreamObserver<byte[]> in) {
        return ClientCalls.asyncBidiStreamingCall(call(method, MethodDescriptor.MethodType.BIDI_STREAMING), in);
    }

    private ClientCall<byte[], byte[]> call(String method, MethodDescriptor.MethodType type) {
        MethodDescriptor<byte[], byte[]> descriptor = METHODS.computeIfAbsent(
                method,
                name -> MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setFullMethodName(name)
                        .setType(type)
                        .setRequestMarshaller(Bytes.INSTANCE)
                        .setResponseMarshaller(Bytes.INSTANCE)
                        .build());
        return channel.newCall(
                descriptor, CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS));
    }

    private static final class One implements StreamObserver<byte[]> {
        private final End end;
        private byte[] message;

        One(End end) {
            this.end = end;
        }

        @Override
        public void onNext(byte[] bytes) {
            message = bytes;
        }

        @Override
        public void onError(Throwable e) {
            end.ended(null, Status.fromThrowable(e));
        }

        @Override
        public void onCompleted() {
            end.ended(message, Status.OK);
        }
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
