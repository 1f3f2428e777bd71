package io.davylamp.skywalking;

import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Task;
import io.davylamp.skywalking.Refusals.Reason;
import io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse;
import io.davylamp.wire.skywalking.v10.AsyncProfilerData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerMetaData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.skywalking.v10.AsyncProfilingStatus;
import io.davylamp.wire.skywalking.v3.Commands;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profiling calls of SkyWalking's agents: commands out, recordings in. Nothing is ever thrown at an agent: a status that it
 * does not expect takes down its whole connection. Thread-safe; gRPC calls each stream from one thread at a time.
 */
final class ProfilerDoor extends AsyncProfilerTaskGrpc.AsyncProfilerTaskImplBase {
    private static final Logger log = LoggerFactory.getLogger(ProfilerDoor.class);

    /** A stream that stays silent for so long is given up; the agent's own deadline is 30 s for the whole call by default. */
    private static final Duration SILENT = Duration.ofSeconds(60);
    /** An agent sends once: rather than refuse for want of a free place, it is let wait for one. */
    private static final int TRIES = 60;

    private static final long RETRY_MILLIS = 250;

    private final Function<ServiceRequestContext, Principal> callers;
    private final StockAgents agents;
    private final Tasks tasks;
    private final Reports reports;
    private final Ingest ingest;
    private final Refusals refusals;

    ProfilerDoor(
            Function<ServiceRequestContext, Principal> callers,
            StockAgents agents,
            Tasks tasks,
            Reports reports,
            Ingest ingest,
            Refusals refusals) {
        this.callers = callers;
        this.agents = agents;
        this.tasks = tasks;
        this.reports = reports;
        this.ingest = ingest;
        this.refusals = refusals;
    }

    @Override
    public void getAsyncProfilerTaskCommands(AsyncProfilerTaskCommandQuery query, StreamObserver<Commands> out) {
        try {
            out.onNext(CommandArgs.commands(agents.poll(
                    callers.apply(ServiceRequestContext.current()),
                    query.getService(),
                    query.getServiceInstance(),
                    query.getLastCommandTime())));
            out.onCompleted();
        } catch (InvalidInstanceException e) {
            refusals.note(Reason.NAME, "a poll was refused: " + e.getMessage());
            out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (StoreException e) {
            out.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
        } catch (RuntimeException e) {
            log.error("a poll of {} / {} failed", query.getService(), query.getServiceInstance(), e);
            out.onError(Status.INTERNAL
                    .withDescription("the server failed; its log says why")
                    .asRuntimeException());
        }
    }

    @Override
    public StreamObserver<AsyncProfilerData> collect(StreamObserver<AsyncProfilerCollectionResponse> out) {
        return new Delivery(
                (ServerCallStreamObserver<AsyncProfilerCollectionResponse>) out, ServiceRequestContext.current());
    }

    /** One recording on its way in, or word that there is none; the next piece is asked for when the last is written. */
    private final class Delivery implements StreamObserver<AsyncProfilerData> {
        private final ServerCallStreamObserver<AsyncProfilerCollectionResponse> out;
        private final ServiceRequestContext context;
        private final Principal who;
        private AsyncProfilerMetaData meta;
        private Assignment assignment;
        private Ingest.Upload upload;
        /** Ignores all further messages; the agent ends the call. */
        private boolean discards;

        private boolean ended;

        Delivery(ServerCallStreamObserver<AsyncProfilerCollectionResponse> out, ServiceRequestContext context) {
            this.out = out;
            this.context = context;
            this.who = callers.apply(context);
            out.disableAutoRequest();
            out.setOnCancelHandler(
                    () -> interrupted("the connection was lost, or the agent's deadline for the call passed"));
            next();
        }

        private void next() {
            context.setRequestTimeout(TimeoutMode.SET_FROM_NOW, SILENT);
            out.request(1);
        }

        @Override
        public void onNext(AsyncProfilerData data) {
            try {
                if (ended) {
                    return;
                }
                if (data.hasMetaData() && meta == null) {
                    meta = data.getMetaData();
                    begin(data);
                } else if (data.hasMetaData() || meta == null) {
                    refuse(Reason.ORDER, "the first message, and no other, holds the metadata");
                } else if (discards || upload == null) {
                    next();
                } else {
                    write(data);
                }
            } catch (RuntimeException e) {
                broken(e);
            }
        }

        private void write(AsyncProfilerData data) {
            Optional<Ingest.Refused> refused = upload.write(data.getContent().asReadOnlyByteBuffer());
            if (refused.isPresent()) {
                fail(refused.get().reason());
                refuse(Reason.SIZE, refused.get().reason());
            } else {
                next();
            }
        }

        private void begin(AsyncProfilerData data) {
            Optional<Task> task = who.speaksFor(SkyWalkingIds.named(meta.getService()))
                    ? tasks.find(Principal.SYSTEM, meta.getTaskId())
                    : Optional.empty();
            assignment = task.stream()
                    .filter(known -> known.spec().service().equals(SkyWalkingIds.named(meta.getService())))
                    .flatMap(known -> known.assignments().stream())
                    .filter(each -> each.instanceName().equals(SkyWalkingIds.named(meta.getServiceInstance())))
                    .findFirst()
                    .orElse(null);
            if (assignment == null) {
                refusals.note(
                        Reason.UNKNOWN_TASK,
                        "instance " + meta.getServiceInstance() + " of " + meta.getService() + " delivers for task "
                                + meta.getTaskId() + ", which it does not have");
                stopAgent();
            } else if (meta.getType() != AsyncProfilingStatus.PROFILING_SUCCESS) {
                fail(
                        data.getErrorMessage().isBlank()
                                ? "the agent reports an error without a text"
                                : data.getErrorMessage());
                discards = true;
                next();
            } else {
                open(data, TRIES);
            }
        }

        private void open(AsyncProfilerData data, int tries) {
            Ingest.Answer answer = ingest.open(
                    who,
                    SkyWalkingIds.named(meta.getService()),
                    assignment.instanceName(),
                    assignment.id(),
                    meta.getContentSize());
            if (answer instanceof Ingest.Admitted admitted) {
                upload = admitted.upload();
                respond(AsyncProfilingStatus.PROFILING_SUCCESS);
                if (data.getResultCase() == AsyncProfilerData.ResultCase.CONTENT) {
                    write(data);
                } else {
                    next();
                }
            } else if (answer instanceof Ingest.Refused refused && refused.keep() && tries > 0) {
                context.eventLoop()
                        .schedule(
                                () -> context.blockingTaskExecutor().execute(() -> again(data, tries - 1)),
                                RETRY_MILLIS,
                                TimeUnit.MILLISECONDS);
            } else {
                if (answer instanceof Ingest.Refused refused) {
                    refusals.note(
                            Reason.SIZE,
                            "a recording of instance " + assignment.instanceName() + " was refused: "
                                    + refused.reason());
                    fail(refused.reason());
                }
                stopAgent();
            }
        }

        private void again(AsyncProfilerData data, int tries) {
            try {
                if (!ended && !out.isCancelled()) {
                    open(data, tries);
                }
            } catch (RuntimeException e) {
                broken(e);
            }
        }

        /** The only word that makes an agent send nothing. */
        private void stopAgent() {
            discards = true;
            respond(AsyncProfilingStatus.TERMINATED_BY_OVERSIZE);
            next();
        }

        private void respond(AsyncProfilingStatus status) {
            out.onNext(
                    AsyncProfilerCollectionResponse.newBuilder().setType(status).build());
        }

        /** Fails assignments that can no longer be delivered; leaves ended ones unchanged. */
        private void fail(String reason) {
            agents.settles(meta.getService(), meta.getServiceInstance());
            reports.failed(assignment.instanceId(), assignment.id(), reason);
        }

        private void refuse(Reason reason, String text) {
            refusals.note(reason, "an upload was refused: " + text);
            interrupted(text);
            end(Status.INVALID_ARGUMENT.withDescription(text));
        }

        private void broken(RuntimeException e) {
            if (e instanceof StoreException) {
                log.warn("an upload failed: {}", e.getMessage());
                interrupted(e.getMessage());
                end(Status.UNAVAILABLE.withDescription(e.getMessage()));
                return;
            }
            log.error("an upload failed", e);
            interrupted("the server failed; its log says why");
            end(Status.INTERNAL.withDescription("the server failed; its log says why"));
        }

        private void end(Status status) {
            if (!ended && !out.isCancelled()) {
                ended = true;
                out.onError(status.asRuntimeException());
            }
        }

        private void interrupted(String cause) {
            if (upload != null && !upload.hasEnded()) {
                String reason = "upload interrupted after " + upload.receivedBytes() + " of " + meta.getContentSize()
                        + " bytes: " + cause
                        + ". The agent has deleted its file. Likely: the JVM stopped, the network broke, or the file needs more"
                        + " time than the agent's collector.grpc_upstream_timeout (30 s by default)";
                refusals.note(Reason.INTERRUPTED, "instance " + assignment.instanceName() + ": " + reason);
                upload.interrupt(cause);
                fail(reason);
            }
        }

        @Override
        public void onError(Throwable e) {
            interrupted("the connection was lost, or the agent's deadline for the call passed");
        }

        @Override
        public void onCompleted() {
            if (ended) {
                return;
            }
            try {
                if (upload == null) {
                    if (meta == null) {
                        refuse(Reason.ORDER, "the call ended before its metadata");
                        return;
                    }
                } else if (upload.receivedBytes() < meta.getContentSize()) {
                    refuse(
                            Reason.SIZE,
                            "only " + upload.receivedBytes() + " of " + meta.getContentSize() + " bytes came");
                    return;
                } else if (upload.commit(new byte[0]) instanceof Ingest.Refused refused) {
                    fail(refused.reason());
                    end(Status.INTERNAL.withDescription(refused.reason()));
                    return;
                } else {
                    agents.settles(meta.getService(), meta.getServiceInstance());
                }
                ended = true;
                out.onCompleted();
            } catch (RuntimeException e) {
                broken(e);
            }
        }
    }
}
