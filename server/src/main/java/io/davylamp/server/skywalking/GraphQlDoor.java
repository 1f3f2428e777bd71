package io.davylamp.server.skywalking;

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
import graphql.GraphQLContext;
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
import graphql.schema.Coercing;
import graphql.schema.GraphQLScalarType;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeRuntimeWiring;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.server.skywalking.Refusals.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /graphql}: what SkyWalking's command line and page ask. A query is parsed once, its variables are mended where the
 * page spells one wrong, and its size, depth and cost are bounded before anything runs. With a SkyWalking server behind us that
 * server answers all but profiling, so that its users keep what they had; we answer for it while it is down. Thread-safe.
 */
final class GraphQlDoor implements HttpService {
    private static final Logger log = LoggerFactory.getLogger(GraphQlDoor.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> VARIABLES = new TypeReference<>() {};

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

    private final GraphQL graphql;
    private final Refusals refusals;
    /** Null when there is none. */
    private final GraphQlUpstream upstream;

    GraphQlDoor(ProfilingQueries profiling, MetadataQueries metadata, Refusals refusals, GraphQlUpstream upstream) {
        TypeRuntimeWiring.Builder queries = TypeRuntimeWiring.newTypeWiring("Query");
        TypeRuntimeWiring.Builder mutations = TypeRuntimeWiring.newTypeWiring("Mutation");
        profiling.wire(queries, mutations);
        metadata.wire(queries, mutations);
        RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                .scalar(LONG)
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
    }

    private static String schema() {
        try (InputStream in = GraphQlDoor.class.getResourceAsStream("skywalking.graphqls")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final GraphQLScalarType LONG = GraphQLScalarType.newScalar()
            .name("Long")
            .coercing(new Coercing<Long, Long>() {
                @Override
                public Long serialize(Object value, GraphQLContext context, Locale locale) {
                    return ((Number) value).longValue();
                }
            })
            .build();

    /** What a question got wrong is said; what we got wrong is logged. */
    private static final class Faults implements DataFetcherExceptionHandler {
        @Override
        public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
                DataFetcherExceptionHandlerParameters parameters) {
            Throwable cause = parameters.getException();
            String text = cause.getMessage();
            if (!(cause instanceof IllegalArgumentException || cause instanceof ProfileQuery.BusyException)) {
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
        return HttpResponse.of(
                request.aggregate().thenComposeAsync(whole -> answer(context, whole), context.blockingTaskExecutor()));
    }

    /** A question as it came. */
    private record Question(String query, String operation, Map<String, Object> variables) {}

    private CompletionStage<HttpResponse> answer(ServiceRequestContext context, AggregatedHttpRequest request) {
        Question question;
        Document document;
        try {
            question = question(request.content().array());
            document = Parser.parse(ParserEnvironment.newParserEnvironment()
                    .document(question.query())
                    .parserOptions(PARSER)
                    .build());
        } catch (InvalidSyntaxException e) {
            return refused(e.getMessage());
        } catch (JsonProcessingException e) {
            return refused("the body is no JSON: " + e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException e) {
            return refused(e.getMessage());
        }
        Question mended = new Question(
                question.query(),
                question.operation(),
                QueryDocument.mended(document, question.operation(), question.variables()));
        if (upstream == null || !upstream.isUp()) {
            return CompletableFuture.completedFuture(json(local(mended, question.query())));
        }
        return shared(context, document, mended, request.headers());
    }

    private CompletionStage<HttpResponse> refused(String text) {
        refusals.note(Reason.GRAPHQL, "a GraphQL query was refused: " + text);
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("errors").addObject().put("message", text);
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

    private JsonNode local(Question question, String query) {
        ExecutionResult result = graphql.execute(ExecutionInput.newExecutionInput(query)
                .operationName(question.operation())
                .variables(question.variables())
                .graphQLContext(Map.of(ParserOptions.class, PARSER))
                .build());
        if (!result.getErrors().isEmpty()
                && result.getErrors().stream().noneMatch(error -> error instanceof ExceptionWhileDataFetching)) {
            refusals.note(
                    Reason.GRAPHQL,
                    "a GraphQL query has errors: " + result.getErrors().get(0).getMessage());
        }
        return JSON.valueToTree(result.toSpecification());
    }

    /** Profiling is ours, all else is theirs, or ours too while they are down. */
    private CompletionStage<HttpResponse> shared(
            ServiceRequestContext context, Document document, Question question, RequestHeaders headers) {
        QueryDocument.Parts parts = QueryDocument.split(document, question.operation());
        if (parts.theirs() == null) {
            return CompletableFuture.completedFuture(json(local(question, question.query())));
        }
        ObjectNode onward = JSON.createObjectNode();
        onward.put("query", parts.theirs());
        onward.set("variables", JSON.valueToTree(question.variables()));
        if (question.operation() != null) {
            onward.put("operationName", question.operation());
        }
        return upstream.ask(onward, headers)
                .thenApplyAsync(
                        theirs -> {
                            JsonNode other = theirs == null ? local(question, parts.theirs()) : theirs;
                            return json(parts.ours() == null ? other : joined(local(question, parts.ours()), other));
                        },
                        context.blockingTaskExecutor());
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
