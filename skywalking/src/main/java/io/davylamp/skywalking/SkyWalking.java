package io.davylamp.skywalking;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.TaskLimits;
import io.grpc.BindableService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** SkyWalking's dialect, put together: what the agent port and the web port serve of it. */
public final class SkyWalking implements AutoCloseable {
    /** Null without a SkyWalking server behind us: it loads all of TLS, a tenth of a server's start. */
    private final ClientFactory clients;
    /** Null when the agents get no tasks. */
    private final ProfilerDoor profiler;

    private final AgentGateway gateway;
    private final ProfilingQueries profiling;
    private final GraphQlDoor graphql;

    /**
     * @param callers says who sent a request, at either port
     * @param overloaded whether nothing more may wait for a worker
     */
    public SkyWalking(
            SkyWalkingConfig config,
            Function<ServiceRequestContext, Principal> callers,
            Instances instances,
            Tasks tasks,
            Assignments assignments,
            Offers offers,
            Reports reports,
            TaskLimits limits,
            Ingest ingest,
            ProfileQuery query,
            Changes changes,
            Clock clock,
            String version,
            BooleanSupplier overloaded,
            MeterRegistry metrics) {
        Refusals refusals = new Refusals(metrics, clock);
        StockAgents agents = new StockAgents(
                instances,
                new StockOffers(offers, assignments, limits, clock),
                clock,
                refusals,
                StockAgents.abilities(config.profiling(), config.maxDuration()));
        changes.listen(agents);
        Gauge.builder("davylamp.skywalking.agents", agents, StockAgents::known)
                .description("SkyWalking's agents that were heard of lately")
                .register(metrics);
        ZoneId zone = ZoneId.systemDefault();
        clients = config.upstreamGrpc().isEmpty() && config.upstreamGraphQl().isEmpty()
                ? null
                : ClientFactory.builder().build();
        profiler = config.profiling() ? new ProfilerDoor(callers, agents, tasks, reports, ingest, refusals) : null;
        gateway = new AgentGateway(
                callers,
                agents,
                refusals,
                config.maxMessageBytes(),
                overloaded,
                config.upstreamGrpc().isEmpty()
                        ? null
                        : new Upstream(config.upstreamGrpc(), clients, refusals, metrics));
        profiling = new ProfilingQueries(instances, tasks, assignments, query, zone, config.maxElements());
        graphql = new GraphQlDoor(
                callers,
                profiling,
                new MetadataQueries(instances, clock, zone, version, config.kept()),
                refusals,
                config.upstreamGraphQl().isEmpty()
                        ? null
                        : new GraphQlUpstream(config.upstreamGraphQl(), clients, refusals));
    }

    /** The profiling calls of agents; empty when they get no tasks, and are to be told so by {@link #gateway}. */
    public Optional<BindableService> profiler() {
        return Optional.ofNullable(profiler);
    }

    /** All other calls of agents, whatever their path. */
    public HttpService gateway() {
        return gateway;
    }

    /** Whether {@link #gateway} answers the call of that path also while the server is overloaded. */
    public static boolean isAlwaysAnswered(String path) {
        return AgentCall.ofPath(path) != null;
    }

    /** Returns the service for {@code /graphql}. */
    public HttpService graphql() {
        return graphql;
    }

    @Override
    public void close() {
        graphql.close();
        profiling.close();
        if (clients != null) {
            clients.close();
        }
    }
}
