package io.davylamp.skywalking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import graphql.ErrorType;
import graphql.ExceptionWhileDataFetching;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphqlErrorBuilder;
import graphql.analysis.MaxQueryComplexityInstrumentation;
import graphql.analysis.MaxQueryDepthInstrumentation;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.instrumentation.ChainedInstrumentation;
import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeRuntimeWiring;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.store.StoreException;
import io.davylamp.skywalking.Refusals.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /graphql}: what SkyWalking's command line and page ask. A query is parsed once, its variables are mended where the
 * page spells one wrong, and its size, depth and cost are bounded before anything runs. With a SkyWalking server behind us that
 * server answers all but profiling, so that its users keep what they had; we answer for it while it is down. Thread-safe.
 */
final class GraphQlDoor implements HttpService, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GraphQlDoor.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

    /** Questions that are worked on at a time. A page asks five at once; each is short, and long analyses have turns of their own. */
    private static final int PARALLEL = 16;
    /** Questions that may wait for that. */
    private static final int WAITING = 500;

    private static final int MAX_DEPTH = 15;
    /** Each field costs one, each at the root so many: about fifteen questions at a time. */
    private static final int ROOT_COST = 100;

    private static final int MAX_COST = 2_000;
    private static final ParserOptions PARSER = ParserOptions.newParserOptions()
            .maxCharacters(200_000)
            .maxTokens(5_000)
            .maxWhitespaceTokens(50_000)
            .maxRuleDepth(100)
            .captureSourceLocation(true)
            .captureIgnoredChars(false)
            .build();

    private final Function<ServiceRequestContext, Principal> callers;
    private final GraphQL graphql;
    private final Refusals refusals;
    /** Its own: a flood of questions must not take the threads that answer everybody else. */
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            PARALLEL, PARALLEL, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
                Thread thread = new Thread(work, "graphql");
                thread.setDaemon(true);
                return thread;
            });
    /** Null when there is none. */
    private final GraphQlUpstream upstream;

    GraphQlDoor(
            Function<ServiceRequestContext, Principal> callers,
            ProfilingQueries profiling,
            MetadataQueries metadata,
            Refusals refusals,
            GraphQlUpstream upstream) {
        this.callers = callers;
        TypeRuntimeWiring.Builder queries = TypeRuntimeWiring.newTypeWiring("Query");
        TypeRuntimeWiring.Builder mutations = TypeRuntimeWiring.newTypeWiring("Mutation");
        profiling.wire(queries, mutations);
        metadata.wire(queries, mutations);
        RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                .strictMode(false) // or Int could not be another than the library's
                .scalar(TypedNumber.INT)
                .scalar(TypedNumber.LONG)
                .type(queries)
                .type(mutations)
                .build();
        this.graphql = GraphQL.newGraphQL(
                        new SchemaGenerator().makeExecutableSchema(new SchemaParser().parse(schema()), wiring))
                .instrumentation(new ChainedInstrumentation(
                        new MaxQueryDepthInstrumentation(MAX_DEPTH),
                        new MaxQueryComplexityInstrumentation(
                                MAX_COST,
                                (environment, children) ->
                                        children + (environment.getParentEnvironment() == null ? ROOT_COST : 1))))
                .defaultDataFetcherExceptionHandler(new Faults())
                .build();
        this.refusals = refusals;
        this.upstream = upstream;
        workers.allowCoreThreadTimeOut(true);
    }

    /** Who asked the question that a field belongs to. */
    static Principal caller(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.getGraphQlContext().get(Principal.class), "a question of nobody");
    }

    private static String schema() {
        try (InputStream in = GraphQlDoor.class.getResourceAsStream("skywalking.graphqls")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers errors of the query with their reason; logs faults of this server. */
    private static final class Faults implements DataFetcherExceptionHandler {
        @Override
        public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
                DataFetcherExceptionHandlerParameters parameters) {
            Throwable cause = parameters.getException();
            cause = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
            String text = cause.getMessage();
            if (!(cause instanceof QueryTime.NoTimeException
                    || cause instanceof ProfileQuery.BusyException
                    || cause instanceof LimitReachedException
                    || cause instanceof StoreException)) {
                log.error("{} failed", parameters.getPath(), cause);
                text = "the server failed; its log says why";
            }
            return CompletableFuture.completedFuture(DataFetcherExceptionHandlerResult.newResult(
                            GraphqlErrorBuilder.newError(parameters.getDataFetchingEnvironment())
                                    .message("%s", text)
                                    .errorType(ErrorType.DataFetchingException)
                                    .build())
                    .build());
        }
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        if (request.method() != HttpMethod.POST) {
            return HttpResponse.builder()
                    .status(HttpStatus.METHOD_NOT_ALLOWED)
                    .header("allow", "POST")
                    .content("GraphQL is asked by POST.\n")
                    .build();
        }
        if (request.contentType() == null || !request.contentType().is(MediaType.JSON.withoutParameters())) {
            return HttpResponse.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    MediaType.PLAIN_TEXT_UTF_8,
                    "Content-Type must be application/json.\n");
        }
        Principal who = callers.apply(context);
        return HttpResponse.of(request.aggregate().thenCompose(whole -> {
            try {
                return CompletableFuture.supplyAsync(() -> answer(who, whole), workers)
                        .thenCompose(answer -> answer);
            } catch (RejectedExecutionException e) {
                return refused(
                        Reason.FLOOD,
                        "the server works on " + PARALLEL + " GraphQL questions and " + WAITING
                                + " more wait; ask again later");
            }
        }));
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    /** A question as it came. */
    private record Question(String query, String operation, Map<String, Object> variables) {}

    private CompletionStage<HttpResponse> answer(Principal who, AggregatedHttpRequest request) {
        Question question;
        Document document;
        try {
            question = question(request.content().array());
            QueryDocument.requireShortNumbers(question.query());
            document = Parser.parse(ParserEnvironment.newParserEnvironment()
                    .document(question.query())
                    .parserOptions(PARSER)
                    .build());
        } catch (JsonProcessingException e) {
            return refused(Reason.GRAPHQL, "the body is no JSON: " + e.getOriginalMessage());
        } catch (InvalidSyntaxException | IOException | IllegalArgumentException e) {
            return refused(Reason.GRAPHQL, e.getMessage());
        }
        Question mended = new Question(
                question.query(),
                question.operation(),
                QueryDocument.mended(document, question.operation(), question.variables()));
        // The other server knows nothing of roles: who may not see all gets nothing from it.
        if (upstream == null || !upstream.isUp() || !who.mayEverywhere(Role.VIEWER)) {
            return local(who, mended, question.query()).thenApply(GraphQlDoor::json);
        }
        return shared(who, document, mended, request.headers());
    }

    private CompletionStage<HttpResponse> refused(Reason reason, String text) {
        refusals.note(reason, "a GraphQL query was refused: " + text);
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("errors").addObject().put("message", Plain.text(text));
        return CompletableFuture.completedFuture(json(answer));
    }

    private static Question question(byte[] body) throws IOException {
        JsonNode json = JSON.readTree(body);
        if (json == null || !json.path("query").isTextual()) {
            throw new IllegalArgumentException("the body must be {\"query\": text, \"variables\": object}");
        }
        JsonNode variables = json.path("variables");
        if (!variables.isObject() && !variables.isNull() && !variables.isMissingNode()) {
            throw new IllegalArgumentException("variables must be an object");
        }
        return new Question(
                json.get("query").asText(),
                json.path("operationName").isTextual()
                        ? json.get("operationName").asText()
                        : null,
                variables.isObject() ? JSON.convertValue(variables, VARIABLES) : Map.of());
    }

    private CompletionStage<JsonNode> local(Principal who, Question question, String query) {
        return graphql.executeAsync(ExecutionInput.newExecutionInput(query)
                        .operationName(question.operation())
                        .variables(question.variables())
                        .graphQLContext(Map.of(ParserOptions.class, PARSER, Principal.class, who))
                        .build())
                .thenApply(this::answer);
    }

    private JsonNode answer(ExecutionResult result) {
        if (!result.getErrors().isEmpty()
                && result.getErrors().stream().noneMatch(error -> error instanceof ExceptionWhileDataFetching)) {
            refusals.note(
                    Reason.GRAPHQL,
                    "a GraphQL query has errors: " + result.getErrors().get(0).getMessage());
        }
        JsonNode answer = JSON.valueToTree(result.toSpecification());
        for (JsonNode error : answer.path("errors")) {
            ((ObjectNode) error).put("message", Plain.text(error.path("message").asText()));
        }
        return answer;
    }

    /** Profiling is ours, all else is theirs, or ours too while they are down. */
    private CompletionStage<HttpResponse> shared(
            Principal who, Document document, Question question, RequestHeaders headers) {
        QueryDocument.Parts parts = QueryDocument.split(document, question.operation());
        if (parts.theirs() == null) {
            return local(who, question, question.query()).thenApply(GraphQlDoor::json);
        }
        ObjectNode onward = JSON.createObjectNode();
        onward.put("query", parts.theirs());
        onward.set("variables", JSON.valueToTree(question.variables()));
        if (question.operation() != null) {
            onward.put("operationName", question.operation());
        }
        return upstream.ask(onward, headers)
                .thenComposeAsync(
                        theirs -> theirs == null
                                ? local(who, question, parts.theirs())
                                : CompletableFuture.completedFuture(theirs),
                        workers)
                .thenCompose(other -> parts.ours() == null
                        ? CompletableFuture.completedFuture(other)
                        : local(who, question, parts.ours()).thenApply(ours -> joined(ours, other)))
                .thenApply(GraphQlDoor::json);
    }

    private static JsonNode joined(JsonNode ours, JsonNode theirs) {
        ObjectNode joined = JSON.createObjectNode();
        ObjectNode data = joined.putObject("data");
        ArrayNode errors = JSON.createArrayNode();
        for (JsonNode part : List.of(ours, theirs)) {
            if (part.path("data").isObject()) {
                data.setAll((ObjectNode) part.get("data"));
            }
            if (part.path("errors").isArray()) {
                errors.addAll((ArrayNode) part.get("errors"));
            }
        }
        if (!errors.isEmpty()) {
            joined.set("errors", errors);
        }
        return joined;
    }

    private static HttpResponse json(JsonNode answer) {
        try {
            return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, HttpData.wrap(JSON.writeValueAsBytes(answer)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
