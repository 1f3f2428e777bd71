package io.davylamp.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamMessages;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.ExceptionHandlerFunction;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.davylamp.core.Changes;
import io.davylamp.core.Ids;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Instances;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.recording.Indexer;
import io.davylamp.core.recording.Ingest;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store.HistoryRow;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.ProfilerOption;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.core.task.Tasks;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.DamagedProfileException;
import io.davylamp.profile.export.Answers;
import io.davylamp.profile.export.Answers.View;
import io.davylamp.profile.export.Parameters;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Views;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of {@code /api/v1}. Thread-safe. */
@Blocking
@ExceptionHandler(RestApi.ToProblem.class)
public final class RestApi {
    private static final Logger log = LoggerFactory.getLogger(RestApi.class);
    private static final int MAX_TASKS = 1_000;
    private static final int PIECE_BYTES = 64 << 10;
    private static final Duration OPENING = Duration.ofMinutes(10);
    /** Parameters that say of which profiles a view is. */
    private static final List<String> SELECTORS = List.of("task", "service", "instance", "since", "until");

    private final Instances instances;
    private final Tasks tasks;
    private final Ingest ingest;
    private final Indexer indexer;
    private final ProfileQuery query;
    private final Blobs blobs;
    private final Changes changes;
    private final TaskLimits taskLimits;
    private final ScheduledExecutorService scheduler;
    private final OpenFiles files = new OpenFiles(new Ids(), Clock.systemUTC());

    public RestApi(
            Instances instances,
            Tasks tasks,
            Ingest ingest,
            Indexer indexer,
            ProfileQuery query,
            Blobs blobs,
            Changes changes,
            TaskLimits taskLimits,
            ScheduledExecutorService scheduler) {
        this.instances = instances;
        this.tasks = tasks;
        this.ingest = ingest;
        this.indexer = indexer;
        this.query = query;
        this.blobs = blobs;
        this.changes = changes;
        this.taskLimits = taskLimits;
        this.scheduler = scheduler;
    }

    @Get("/api/v1/services")
    public HttpResponse services() {
        return Json.ok(Map.of(
                "services",
                instances.services().stream()
                        .map(service -> Map.of(
                                "name", service.name(),
                                "liveInstances", service.liveInstances(),
                                "instances", service.instances(),
                                "lastSeen", TaskJson.time(service.lastSeenMillis())))
                        .toList()));
    }

    @Get("/api/v1/services/{service}/instances")
    public HttpResponse instances(@Param String service) {
        List<Instance> known = instances.ofService(service);
        if (known.isEmpty()) {
            throw notFound("no instance of service \"" + service + "\" was ever seen");
        }
        return Json.ok(Map.of(
                "instances",
                known.stream()
                        .map(instance -> Map.of(
                                "name", instance.name(),
                                "live", instances.isLive(instance),
                                "unable", instance.unable(),
                                "lacks", instance.abilities().lacks(),
                                "maxSeconds", instance.abilities().maxSeconds(),
                                "properties", instance.properties(),
                                "firstSeen", TaskJson.time(instance.firstSeenMillis()),
                                "lastSeen", TaskJson.time(instances.lastSeenMillis(instance))))
                        .toList()));
    }

    @Post("/api/v1/services/{service}/instances/{instance}/trust")
    public HttpResponse trust(@Param String service, @Param String instance, HttpRequest request) {
        requireJson(request.contentType());
        changes.trusted(instances
                .find(service, instance)
                .orElseThrow(() -> notFound("service \"" + service + "\" has no instance \"" + instance + "\""))
                .id());
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    /** What a task may ask for. */
    @Get("/api/v1/capabilities")
    public HttpResponse capabilities() {
        return Json.ok(Map.of(
                "events",
                Arrays.stream(ProfilerEvent.values())
                        .map(event -> Map.of("name", event.word(), "engine", event.isEngine()))
                        .toList(),
                "options",
                Arrays.stream(ProfilerOption.values())
                        .map(option -> Map.of("name", option.word(), "allowed", option.allowed()))
                        .toList(),
                "maxDurationSeconds",
                taskLimits.maxDuration().toSeconds(),
                "maxInstances",
                taskLimits.instances()));
    }

    @Get("/api/v1/tasks")
    public HttpResponse tasks(@Param Optional<String> service, @Param @Default("100") int limit) {
        if (limit < 1 || limit > MAX_TASKS) {
            throw badRequest("limit", "limit " + limit + " is outside of 1 to " + MAX_TASKS);
        }
        return Json.ok(Map.of(
                "tasks",
                tasks.newest(service.orElse(null), limit).stream()
                        .map(task -> TaskJson.of(task, ingest))
                        .toList()));
    }

    @Post("/api/v1/tasks")
    public HttpResponse create(AggregatedHttpRequest request) {
        Tasks.Creation creation = tasks.create(asked(request));
        if (creation instanceof Tasks.Overlaps overlaps) {
            throw new ProblemException(Problem.of(
                            HttpStatus.CONFLICT,
                            "instance \"" + overlaps.instance() + "\" is being profiled by task " + overlaps.taskId()
                                    + " until " + TaskJson.time(overlaps.untilMillis()) + "; cancel it or wait")
                    .field("instances")
                    .task(overlaps.taskId()));
        }
        return Json.created(TaskJson.of(((Tasks.Created) creation).task(), ingest));
    }

    /** What the profiler would be told, if the task were created now. */
    @Post("/api/v1/tasks/check")
    public HttpResponse check(AggregatedHttpRequest request) {
        TaskSpec spec = asked(request);
        tasks.check(spec);
        return Json.ok(Map.of(
                "command", TaskSpecText.of(spec), "instances", spec.instances().size()));
    }

    private TaskSpec asked(AggregatedHttpRequest request) {
        requireJson(request.contentType());
        NewTaskJson asked;
        try {
            asked = Json.MAPPER.readValue(request.content().array(), NewTaskJson.class);
        } catch (JsonMappingException e) {
            String field = e.getPath().stream()
                    .map(reference -> String.valueOf(reference.getFieldName()))
                    .collect(Collectors.joining("."));
            throw badRequest(
                    field.isEmpty() ? "body" : field,
                    "the body is no task (service, instances, durationSeconds, events, options): "
                            + e.getOriginalMessage());
        } catch (IOException e) {
            throw badRequest("body", "the body is no JSON: " + reason(e));
        }
        if (asked == null) {
            throw badRequest("body", "the body is null instead of a task");
        }
        return asked.spec(instances);
    }

    private static String reason(IOException e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
    }

    @Get("/api/v1/tasks/{task}")
    public HttpResponse task(@Param("task") String id) {
        return Json.ok(TaskJson.of(require(id), ingest));
    }

    @Post("/api/v1/tasks/{task}/cancel")
    public HttpResponse cancel(@Param("task") String id, HttpRequest request) {
        requireJson(request.contentType());
        return Json.ok(
                TaskJson.of(tasks.cancel(id).orElseThrow(() -> notFound("there is no task \"" + id + "\"")), ingest));
    }

    @Post("/api/v1/tasks/{task}/stop")
    public HttpResponse stop(@Param("task") String id, HttpRequest request) {
        requireJson(request.contentType());
        return Json.ok(
                TaskJson.of(tasks.stop(id).orElseThrow(() -> notFound("there is no task \"" + id + "\"")), ingest));
    }

    @Delete("/api/v1/tasks/{task}")
    public HttpResponse delete(@Param("task") String id) {
        return switch (tasks.delete(id)) {
            case DELETED -> HttpResponse.of(HttpStatus.NO_CONTENT);
            case UNKNOWN -> throw notFound("there is no task \"" + id + "\"");
            case LIVE ->
                throw new ProblemException(
                        Problem.of(HttpStatus.CONFLICT, "task \"" + id + "\" is still going on; cancel it first")
                                .task(id));
        };
    }

    @Get("/api/v1/tasks/{task}/changes")
    public HttpResponse changes(@Param("task") String id, ServiceRequestContext context) {
        require(id);
        context.clearRequestTimeout();
        return TaskStream.of(id, () -> tasks.find(id), task -> TaskJson.of(task, ingest), changes, scheduler);
    }

    @Get("/api/v1/tasks/{task}/assignments/{assignment}/history")
    public HttpResponse history(@Param("task") String id, @Param("assignment") String assignmentId) {
        requireAssignment(id, assignmentId);
        return Json.ok(Map.of(
                "history",
                tasks.history(assignmentId).stream()
                        .map((HistoryRow row) -> Map.of(
                                "at",
                                TaskJson.time(row.atMillis()),
                                "state",
                                row.state().name(),
                                "reason",
                                row.reason()))
                        .toList()));
    }

    @Post("/api/v1/tasks/{task}/assignments/{assignment}/read-again")
    public HttpResponse readAgain(
            @Param("task") String id, @Param("assignment") String assignmentId, HttpRequest request) {
        requireJson(request.contentType());
        Assignment assignment = requireAssignment(id, assignmentId);
        if (indexer.readAgain(assignmentId).isEmpty()) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT,
                    "assignment \"" + assignmentId + "\" is " + assignment.state()
                            + "; only UNREADABLE ones are read again"));
        }
        return Json.ok(TaskJson.of(require(id), ingest));
    }

    /** The recording, byte for byte as it came. */
    @Get("/api/v1/tasks/{task}/assignments/{assignment}/recording")
    public HttpResponse recording(
            @Param("task") String id, @Param("assignment") String assignmentId, ServiceRequestContext context)
            throws IOException {
        Assignment assignment = requireAssignment(id, assignmentId);
        Blobs.Blob blob = assignment.recordingBytes() == 0
                ? null
                : blobs.open(assignment.recordingKey()).orElse(null);
        if (blob == null) {
            throw notFound("assignment \"" + assignmentId + "\" has no recording: it is " + assignment.state()
                    + (assignment.reason().isEmpty() ? "" : ", " + assignment.reason()));
        }
        context.clearRequestTimeout();
        String name =
                (assignment.instanceName() + "-" + assignment.taskId()).replaceAll("[^A-Za-z0-9._-]", "_") + ".jfr";
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.OCTET_STREAM)
                .contentLength(blob.sizeBytes())
                .set(HttpHeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .build());
        send(blob, 0, out, context);
        return out;
    }

    /** Reads the next piece when the last has been taken: a slow client costs one piece of memory. */
    private static void send(Blobs.Blob blob, long position, HttpResponseWriter out, ServiceRequestContext context) {
        context.blockingTaskExecutor().execute(() -> {
            try {
                int length = (int) Math.min(PIECE_BYTES, blob.sizeBytes() - position);
                if (length == 0 || !out.tryWrite(HttpData.wrap(blob.read(position, length)))) {
                    blob.close();
                    out.close();
                    return;
                }
                out.whenConsumed().handle((done, error) -> {
                    send(blob, position + length, out, context);
                    return null;
                });
            } catch (IOException e) {
                log.error("a download broke at byte {}", position, e);
                out.close(e);
            }
        });
    }

    @Get("/api/v1/tasks/{task}/measures")
    public HttpResponse measures(@Param("task") String id, QueryParams params) throws IOException {
        List<String> names = params.getAll("instance");
        return Json.ok(Map.of(
                "measures",
                query.views(List.of(requireWithInstances(id, names)), names).measures().stream()
                        .map(total -> Map.of(
                                "name", total.measure().name(),
                                "unit", total.measure().unit().word(),
                                "events", total.events(),
                                "total", total.total(),
                                "instances", total.instances()))
                        .toList()));
    }

    @Get("/api/v1/tasks/{task}/flame")
    public HttpResponse flame(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.FLAME, id, params);
    }

    @Get("/api/v1/tasks/{task}/callers")
    public HttpResponse callers(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.CALLERS, id, params);
    }

    @Get("/api/v1/tasks/{task}/callees")
    public HttpResponse callees(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.CALLEES, id, params);
    }

    @Get("/api/v1/tasks/{task}/hot")
    public HttpResponse hot(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.HOT, id, params);
    }

    @Get("/api/v1/tasks/{task}/timeline")
    public HttpResponse timeline(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.TIMELINE, id, params);
    }

    @Get("/api/v1/tasks/{task}/threads")
    public HttpResponse threads(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.THREADS, id, params);
    }

    @Get("/api/v1/tasks/{task}/info")
    public HttpResponse info(@Param("task") String id, QueryParams params) throws IOException {
        return view(View.INFO, id, params);
    }

    /** Any view over any set of tasks. */
    @Get("/api/v1/profiles/{view}")
    public HttpResponse profiles(@Param("view") String word, QueryParams params) throws IOException {
        return view(requireView(word), null, params);
    }

    private static View requireView(String word) {
        return Arrays.stream(View.values())
                .filter(view -> view.word().equals(word))
                .findFirst()
                .orElseThrow(() -> notFound("there is no view \"" + word + "\"; there are "
                        + Arrays.stream(View.values()).map(View::word).collect(Collectors.joining(", "))));
    }

    /** Opens a file to look at: a recording, or collapsed stacks. It is not kept. */
    @Post("/api/v1/files")
    public CompletableFuture<HttpResponse> open(
            @Param @Default("file") String name, HttpRequest request, ServiceRequestContext context)
            throws IOException {
        MediaType type = request.contentType();
        if (type == null || !type.is(MediaType.OCTET_STREAM)) {
            throw new ProblemException(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/octet-stream, it is " + type));
        }
        context.setMaxRequestLength(ingest.recordingBytesLimit());
        context.setRequestTimeout(OPENING);
        Path file = Files.createTempFile("davylamp-open", ".jfr");
        // What is left of a request without its trailers.
        StreamMessage<HttpData> body =
                request.filter(HttpData.class::isInstance).map(HttpData.class::cast);
        return StreamMessages.writeTo(body, file)
                .thenApplyAsync(
                        done -> {
                            try {
                                OpenFiles.Opened one = query.inTurn(() -> files.open(name, file, Files.size(file)));
                                return Json.created(
                                        Map.of("id", one.id(), "name", one.name(), "sizeBytes", one.sizeBytes()));
                            } catch (UnreadableRecordingException e) {
                                throw badRequest("file", name + " cannot be read: " + e.getMessage());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        context.blockingTaskExecutor())
                .whenCompleteAsync((answer, error) -> delete(file), context.blockingTaskExecutor())
                .toCompletableFuture();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} is left behind", file, e);
        }
    }

    @Get("/api/v1/files/{file}")
    public HttpResponse file(@Param("file") String id) {
        OpenFiles.Opened one = requireFile(id);
        return Json.ok(Map.of("id", one.id(), "name", one.name(), "sizeBytes", one.sizeBytes()));
    }

    private OpenFiles.Opened requireFile(String id) {
        return files.find(id)
                .orElseThrow(() -> notFound("the file \"" + id + "\" is not open any more; open it again"));
    }

    /** Any view of a file; against tasks that parameters select, or against another part of itself. */
    @Get("/api/v1/files/{file}/{view}")
    public HttpResponse fileView(@Param("file") String id, @Param("view") String word, QueryParams params)
            throws IOException {
        OpenFiles.Opened one = requireFile(id);
        View view = requireView(word);
        Parameters parameters = ofView(params);
        Answers.requireValid(view, parameters, answerLimits());
        Selected baseline = select(Answers.BASELINE, null, params);
        List<ProfileSource> sources = List.of(one.source());
        List<ProfileSource> against = baseline != null
                ? query.views(baseline.tasks(), baseline.instances()).sources()
                : comparesWithItself(parameters) ? sources : List.of();
        return answer(view, parameters, new Views(sources, against, Views.NO_MERGES), one.name());
    }

    /** @param taskId the task of the path, or null when parameters select the tasks */
    private HttpResponse view(View view, String taskId, QueryParams params) throws IOException {
        Parameters parameters = ofView(params);
        Answers.requireValid(view, parameters, answerLimits());
        Selected selected = select("", taskId, params);
        Selected baseline = select(Answers.BASELINE, null, params);
        List<Task> all = selected.tasks();
        // Another time range or thread of the same profiles is a baseline too.
        Selected against = baseline == null && comparesWithItself(parameters) ? selected : baseline;
        Views views = against == null
                ? query.views(all, selected.instances())
                : query.views(all, selected.instances(), against.tasks(), against.instances());
        String title = all.get(0).spec().service()
                + (all.size() == 1 ? " " + all.get(0).id() : "");
        return answer(view, parameters, views, title);
    }

    /** The parameters without those that select profiles. */
    private static Parameters ofView(QueryParams params) {
        Map<String, List<String>> ofView = new LinkedHashMap<>();
        params.names().forEach(name -> ofView.put(name, params.getAll(name)));
        SELECTORS.forEach(name -> {
            ofView.remove(name);
            ofView.remove(Answers.BASELINE + name);
        });
        return new Parameters(ofView);
    }

    private static boolean comparesWithItself(Parameters parameters) {
        return parameters.names().stream().anyMatch(name -> name.startsWith(Answers.BASELINE));
    }

    private Answers.Limits answerLimits() {
        return new Answers.Limits(query.limits().nodes(), query.limits().rows());
    }

    private HttpResponse answer(View view, Parameters parameters, Views views, String title) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        query.inTurn(() -> {
            Answers.write(view, parameters, views, answerLimits(), title, out);
            return out;
        });
        return HttpResponse.of(
                HttpStatus.OK,
                MediaType.parse(Answers.format(parameters).contentType()),
                HttpData.wrap(out.toByteArray()));
    }

    private record Selected(List<Task> tasks, List<String> instances) {}

    /** The tasks that parameters select; null when they select none. */
    private Selected select(String prefix, String taskId, QueryParams params) {
        List<String> names = params.getAll(prefix + "instance");
        if (taskId != null) {
            return new Selected(List.of(requireWithInstances(taskId, names)), names);
        }
        List<String> ids = params.getAll(prefix + "task");
        String service = params.get(prefix + "service");
        if (!ids.isEmpty()) {
            return new Selected(ids.stream().map(this::require).toList(), names);
        }
        if (service != null) {
            long since = millis(prefix + "since", params.get(prefix + "since"), Long.MIN_VALUE);
            long until = millis(prefix + "until", params.get(prefix + "until"), Long.MAX_VALUE);
            List<Task> some = tasks.newest(service, MAX_TASKS).stream()
                    .filter(task -> task.createdMillis() >= since && task.createdMillis() < until)
                    .toList();
            if (some.isEmpty()) {
                throw notFound("service \"" + service + "\" has no task created in that time");
            }
            return new Selected(some, names);
        }
        if (prefix.isEmpty()) {
            throw badRequest("task", "task or service is missing: of which profiles is the view?");
        }
        return null;
    }

    private static long millis(String name, String text, long otherwise) {
        try {
            return text == null ? otherwise : Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw badRequest(name, name + " \"" + text + "\" is no time such as 2026-11-23T12:00:00Z");
        }
    }

    private Task require(String id) {
        return tasks.find(id).orElseThrow(() -> notFound("there is no task \"" + id + "\""));
    }

    private Task requireWithInstances(String id, List<String> names) {
        Task task = require(id);
        for (String name : names) {
            if (!task.spec().instances().contains(name)) {
                throw badRequest(
                        "instance",
                        "task \"" + id + "\" has no instance \"" + name + "\"; it has "
                                + String.join(", ", task.spec().instances()));
            }
        }
        return task;
    }

    private Assignment requireAssignment(String id, String assignmentId) {
        return require(id).assignments().stream()
                .filter(assignment -> assignment.id().equals(assignmentId))
                .findFirst()
                .orElseThrow(() -> notFound("task \"" + id + "\" has no assignment \"" + assignmentId + "\""));
    }

    /** A browser sends this type to another site only after asking it, and we do not answer such questions. */
    private static void requireJson(MediaType type) {
        if (type == null || !type.is(MediaType.JSON.withoutParameters())) {
            throw new ProblemException(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json, it is " + type));
        }
    }

    private static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, detail));
    }

    private static ProblemException badRequest(String field, String detail) {
        return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, detail).field(field));
    }

    /** From exception to status: the only such table of this door. */
    static final class ToProblem implements ExceptionHandlerFunction {
        @Override
        public HttpResponse handleException(ServiceRequestContext context, HttpRequest request, Throwable cause) {
            if (cause instanceof CompletionException && cause.getCause() != null) {
                return handleException(context, request, cause.getCause());
            }
            if (cause instanceof ContentTooLargeException tooLarge) {
                return Json.problem(Problem.of(
                        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                        "the request is too large; the server takes " + tooLarge.maxContentLength() + " bytes"));
            }
            if (cause instanceof ProblemException problem) {
                return Json.problem(problem.problem());
            }
            if (cause instanceof InvalidTaskException invalid) {
                return Json.problem(
                        Problem.of(HttpStatus.BAD_REQUEST, invalid.getMessage()).field(invalid.field()));
            }
            if (cause instanceof InvalidQueryException invalid) {
                return Json.problem(
                        Problem.of(HttpStatus.BAD_REQUEST, invalid.getMessage()).field(invalid.parameter()));
            }
            if (cause instanceof DamagedProfileException damaged) {
                log.error("a stored profile is damaged: {}", damaged.getMessage());
                return Json.problem(Problem.of(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "a stored profile is damaged and was not used: " + damaged.getMessage()));
            }
            if (cause instanceof ProfileQuery.BusyException busy) {
                return Json.problem(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, busy.getMessage()));
            }
            if (cause instanceof ProfileQuery.NoAnswerException noAnswer) {
                return Json.problem(Problem.of(HttpStatus.NOT_FOUND, noAnswer.getMessage()));
            }
            if (cause instanceof IllegalArgumentException invalid) {
                // Armeria's word for a parameter that cannot be converted.
                return Json.problem(Problem.of(HttpStatus.BAD_REQUEST, String.valueOf(invalid.getMessage())));
            }
            log.error("{} {} failed", request.method(), request.path(), cause);
            return Json.problem(Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why"));
        }
    }
}
