package io.davylamp.server.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Token;
import io.davylamp.core.identity.Credentials;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds for which services an agent speaks: by its token in the header {@code authentication}, as SkyWalking's agents send it and
 * ours do, or without one by its certificate. Thread-safe.
 */
public final class AgentGate implements DecoratingHttpServiceFunction {
    private static final Logger log = LoggerFactory.getLogger(AgentGate.class);
    private static final String HEADER = "authentication";
    private static final int MAX_LOOKUPS_THAT_WAIT = 2_000;
    /** Who has the token of the setting: it is the same for all services. */
    private static final Principal SHARED =
            new Principal(Principal.Kind.AGENT, "agent.token", "agent.token", List.of(Grant.of("viewer *")));

    private final byte[] shared;
    /** Null when there are no other tokens. */
    private final Credentials credentials;

    private final CertificateServices certificates;
    private final Clock clock;
    private final BooleanSupplier overloaded;
    private final Predicate<String> isAlwaysAnswered;
    private final Executor spare;
    private final Counter refused;
    private final Seldom seldom = new Seldom();

    /**
     * @param shared the token of the setting {@code agent.token}; empty for none
     * @param credentials finds tokens of single agents; null when only the shared one lets in
     * @param certificates for which services agents without a token speak
     * @param clock by which certificates end
     * @param overloaded whether a call whose token must be looked up first is turned away
     * @param isAlwaysAnswered which paths have calls that are not turned away: one thread looks their tokens up meanwhile
     */
    public AgentGate(
            String shared,
            Credentials credentials,
            CertificateServices certificates,
            Clock clock,
            BooleanSupplier overloaded,
            Predicate<String> isAlwaysAnswered,
            MeterRegistry metrics) {
        this(shared, credentials, certificates, clock, overloaded, isAlwaysAnswered, spare(), metrics);
    }

    /** @param spare looks tokens up while the server is overloaded, and rejects what would wait for too long */
    AgentGate(
            String shared,
            Credentials credentials,
            CertificateServices certificates,
            Clock clock,
            BooleanSupplier overloaded,
            Predicate<String> isAlwaysAnswered,
            Executor spare,
            MeterRegistry metrics) {
        this.certificates = certificates;
        this.clock = clock;
        this.overloaded = overloaded;
        this.isAlwaysAnswered = isAlwaysAnswered;
        this.spare = spare;
        this.shared = shared.getBytes(StandardCharsets.UTF_8);
        this.credentials = credentials;
        this.refused = Counter.builder("davylamp.agents.refused")
                .description("calls of agents without the right token or certificate")
                .register(metrics);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String given = given(request);
        if (shared.length > 0 && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), shared)) {
            return pass(delegate, context, request, Optional.of(SHARED), () -> Optional.of(SHARED));
        }
        boolean tokensCount = shared.length > 0 || credentials != null;
        if (!certificates.isEmpty() && (given.isEmpty() || !tokensCount)) {
            // Asked again while a stream is open: a certificate ends.
            Supplier<Optional<Principal>> shown =
                    () -> certificate(context).flatMap(each -> certificates.of(each, clock.instant()));
            return pass(delegate, context, request, shown.get(), shown);
        }
        if (credentials == null) {
            return pass(delegate, context, request, Optional.empty(), Optional::empty);
        }
        Supplier<Optional<Principal>> question = () -> credentials.ofToken(Token.Kind.AGENT, given);
        Optional<Principal> atOnce = credentials.atOnce(Token.Kind.AGENT, given);
        if (atOnce != null) {
            return pass(delegate, context, request, atOnce, question);
        }
        if (!overloaded.getAsBoolean()) {
            return pass(delegate, context, request, question, context.blockingTaskExecutor());
        }
        if (!isAlwaysAnswered.test(context.path())) {
            return GrpcEnd.overloaded();
        }
        try {
            return pass(delegate, context, request, question, spare);
        } catch (RejectedExecutionException e) {
            return GrpcEnd.overloadedButThere();
        }
    }

    private static Executor spare() {
        ThreadPoolExecutor one = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MAX_LOOKUPS_THAT_WAIT), task -> {
                    Thread thread = new Thread(task, "davylamp-agent-tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    private HttpResponse pass(
            HttpService delegate,
            ServiceRequestContext context,
            HttpRequest request,
            Supplier<Optional<Principal>> question,
            Executor executor) {
        return HttpResponse.of(CompletableFuture.supplyAsync(question, executor).thenApply(found -> {
            try {
                return pass(delegate, context, request, found, question);
            } catch (Exception e) {
                return HttpResponse.ofFailure(e);
            }
        }));
    }

    private static String given(HttpRequest request) {
        String bearer = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        return request.headers()
                .get(HEADER, bearer.startsWith("Bearer ") ? bearer.substring(7).trim() : "");
    }

    /** The certificate of the connection, which the handshake has checked. */
    private static Optional<X509Certificate> certificate(ServiceRequestContext context) {
        SSLSession session = context.sslSession();
        try {
            return session != null
                            && session.getPeerCertificates().length > 0
                            && session.getPeerCertificates()[0] instanceof X509Certificate own
                    ? Optional.of(own)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private HttpResponse pass(
            HttpService delegate,
            ServiceRequestContext context,
            HttpRequest request,
            Optional<Principal> found,
            Supplier<Optional<Principal>> again)
            throws Exception {
        if (found.isPresent()) {
            Principal principal =
                    found.get().from(context.remoteAddress().getAddress().getHostAddress());
            new Caller(principal, () -> again.get().orElseGet(() -> Caller.nobody(principal))).set(context);
            return delegate.serve(context, request);
        }
        refused.increment();
        seldom.log(
                "token",
                more -> log.warn(
                        "{} of {} has no or a wrong token{}{}",
                        context.path(),
                        context.remoteAddress(),
                        certificates.isEmpty() ? "" : ", or a certificate that access.certificates does not name",
                        more));
        return GrpcEnd.with(
                Status.Code.PERMISSION_DENIED, certificates.isEmpty() ? "wrong token" : "wrong token or certificate");
    }
}
