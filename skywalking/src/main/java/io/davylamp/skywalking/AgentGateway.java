package io.davylamp.skywalking;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.store.StoreException;
import io.davylamp.skywalking.Refusals.Reason;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.skywalking.v3.Commands;
import io.davylamp.wire.skywalking.v3.Event;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.JVMMetricCollection;
import io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All calls of SkyWalking's agents but the profiling ones: answered with what their agents expect, read where they tell who is
 * there, carriers of our commands where an agent looks for them, and passed on when there is an {@link Upstream}. Thread-safe.
 */
final class AgentGateway implements HttpService {
    private static final Logger log = LoggerFactory.getLogger(AgentGateway.class);
    /** Comes here only when {@link ProfilerDoor} is closed, and for calls that it does not have. */
    private static final String PROFILING = "/" + AsyncProfilerTaskGrpc.SERVICE_NAME + "/";

    private static final Duration CALL = Duration.ofSeconds(60);

    private final Function<ServiceRequestContext, Principal> callers;
    private final StockAgents agents;
    private final Refusals refusals;
    private final int maxMessageBytes;
    private final Seldom seldom = new Seldom();
    private final BooleanSupplier overloaded;
    private final Semaphore largeCalls = WholeCall.places();
    /** Null when nothing is passed on. */
    private final Upstream upstream;

    AgentGateway(
            Function<ServiceRequestContext, Principal> callers,
            StockAgents agents,
            Refusals refusals,
            int maxMessageBytes,
            BooleanSupplier overloaded,
            Upstream upstream) {
        this.callers = callers;
        this.agents = agents;
        this.refusals = refusals;
        this.maxMessageBytes = maxMessageBytes;
        this.overloaded = overloaded;
        this.upstream = upstream;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        if (request.method() != HttpMethod.POST
                || request.contentType() == null
                || !request.contentType().toString().startsWith("application/grpc")) {
            return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        AgentCall call = AgentCall.ofPath(context.path());
        if (context.path().startsWith(PROFILING)) {
            // Also with a SkyWalking server behind us: what was switched off here is not to go on there.
            return GrpcMessages.end(Status.Code.UNIMPLEMENTED, "async profiling is switched off on this server");
        }
        if (call == null) {
            // A stream that nobody here knows may stay open for as long as it likes.
            return upstream == null
                    ? GrpcMessages.end(Status.Code.UNIMPLEMENTED, "there is no such call")
                    : upstream.pipe(context, request);
        }
        context.setRequestTimeout(CALL);
        if (call.reading() != AgentCall.Reading.NOTHING) {
            WholeCall whole = WholeCall.read(request, maxMessageBytes + 5, largeCalls);
            CompletionStage<HttpResponse> answer = whole.whole()
                    .handle((bytes, error) -> error == null
                            ? answer(call, context, request.headers(), bytes)
                            : CompletableFuture.completedFuture(refuse(Reason.MESSAGE, call, error.getMessage())))
                    .thenCompose(each -> each);
            return HttpResponse.of(answer.whenComplete((response, error) -> whole.close()));
        }
        return upstream == null || !upstream.isUp()
                ? HttpResponse.of(drained(request).handle((nothing, error) -> quiet()))
                : upstream.stream(context, request, AgentGateway::quiet);
    }

    private static HttpResponse quiet() {
        return GrpcMessages.ok(Commands.getDefaultInstance());
    }

    private HttpResponse refuse(Reason reason, AgentCall call, String text) {
        refusals.note(reason, call.path() + " was refused: " + text);
        return GrpcMessages.end(Status.Code.INVALID_ARGUMENT, text);
    }

    private CompletionStage<HttpResponse> answer(
            AgentCall call, ServiceRequestContext context, RequestHeaders headers, byte[] bytes) {
        List<byte[]> messages;
        Told told;
        try {
            messages = GrpcMessages.read(bytes, headers.get("grpc-encoding"), maxMessageBytes);
            if (messages.size() != 1 && call != AgentCall.EVENTS) {
                return CompletableFuture.completedFuture(
                        refuse(Reason.MESSAGE, call, messages.size() + " messages where there must be one"));
            }
            told = told(callers.apply(context), call, messages);
        } catch (GrpcMessages.MalformedException | InvalidProtocolBufferException e) {
            return CompletableFuture.completedFuture(refuse(Reason.MESSAGE, call, e.getMessage()));
        }
        // Of an overload such an agent is not told: it would fall silent, as for a fault of the store.
        CompletionStage<Optional<Offers.Offer>> command = told.hearAtOnce() || overloaded.getAsBoolean()
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(told::hear, context.blockingTaskExecutor());
        CompletionStage<HttpResponse> reply = upstream == null || !upstream.isUp()
                ? command.thenApply(offer -> GrpcMessages.ok(CommandArgs.commands(offer)))
                : upstream.unary(context, headers, bytes)
                        .thenCombine(command, (theirs, offer) -> Upstream.with(theirs, CommandArgs.commands(offer)));
        return reply.exceptionally(error -> failed(call, error));
    }

    private HttpResponse failed(AgentCall call, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof InvalidInstanceException) {
            return refuse(Reason.NAME, call, cause.getMessage());
        }
        if (cause instanceof StoreException fault) {
            // Not UNAVAILABLE: SkyWalking's agent would fall silent with all that it does, for a database of ours.
            seldom.log(fault.kind().name(), more -> log.warn("{}: {}{}", call.path(), fault.getMessage(), more));
            return GrpcMessages.end(Status.Code.INTERNAL, fault.getMessage());
        }
        log.error("{} failed", call.path(), cause);
        return GrpcMessages.end(Status.Code.INTERNAL, "the server failed; its log says why");
    }

    /** Evaluates a call; this may read the database. */
    private interface Told {
        Optional<Offers.Offer> hear();

        /** Hears it if that needs no waiting and brings no command. */
        default boolean hearAtOnce() {
            return false;
        }
    }

    private Told told(Principal who, AgentCall call, List<byte[]> messages) throws InvalidProtocolBufferException {
        switch (call.reading()) {
            case PROPERTIES -> {
                InstanceProperties said = InstanceProperties.parseFrom(messages.get(0));
                return () -> {
                    agents.describe(who, said);
                    return Optional.empty(); // an agent does not look for commands here
                };
            }
            case KEEP_ALIVE -> {
                InstancePingPkg said = InstancePingPkg.parseFrom(messages.get(0));
                return alive(who, said.getService(), said.getServiceInstance());
            }
            case JVM_METRICS -> {
                JVMMetricCollection said = JVMMetricCollection.parseFrom(messages.get(0));
                return alive(who, said.getService(), said.getServiceInstance());
            }
            case TRACE_PROFILING -> {
                ProfileTaskCommandQuery said = ProfileTaskCommandQuery.parseFrom(messages.get(0));
                return alive(who, said.getService(), said.getServiceInstance());
            }
            case EVENTS -> {
                List<Event> starts = new ArrayList<>();
                for (byte[] message : messages) {
                    Event event = Event.parseFrom(message);
                    if (event.getName().equals("Start")) {
                        starts.add(event);
                    }
                }
                return () -> {
                    for (Event start : starts) {
                        agents.started(
                                who,
                                start.getSource().getService(),
                                start.getSource().getServiceInstance(),
                                start.getUuid(),
                                start.getStartTime());
                    }
                    return Optional.empty();
                };
            }
            default -> throw new AssertionError(call);
        }
    }

    private Told alive(Principal who, String service, String instance) {
        return new Told() {
            @Override
            public Optional<Offers.Offer> hear() {
                return agents.alive(who, service, instance);
            }

            @Override
            public boolean hearAtOnce() {
                return agents.aliveAtOnce(who, service, instance);
            }
        };
    }

    /** Reads a call to its end and forgets it. */
    private static CompletableFuture<Void> drained(HttpRequest request) {
        request.subscribe(new Subscriber<HttpObject>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(HttpObject part) {}

            @Override
            public void onError(Throwable e) {}

            @Override
            public void onComplete() {}
        });
        return request.whenComplete();
    }
}
