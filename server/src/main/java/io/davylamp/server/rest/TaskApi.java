package io.davylamp.server.rest;

import static io.davylamp.server.rest.ProblemException.badRequest;
import static io.davylamp.server.rest.ProblemException.notFound;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import com.linecorp.armeria.server.annotation.Put;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.ProfilerOption;
import io.davylamp.core.task.ProgressStep;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.profile.view.LabelFilter;
import io.davylamp.server.access.Caller;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Services, instances, tasks and their recordings. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class TaskApi {
    private static final int MAX_TASKS = 1_000;

    private final Instances instances;
    private final Tasks tasks;
    private final Ingest ingest;
    private final Indexer indexer;
    private final Retention retention;
    private final WatchedTasks watched;
    private final Supplier<TaskLimits> taskLimits;
    private final ScheduledExecutorService scheduler;

    TaskApi(
            Instances instances,
            Tasks tasks,
            Ingest ingest,
            Indexer indexer,
            Retention retention,
            WatchedTasks watched,
            Supplier<TaskLimits> taskLimits,
            ScheduledExecutorService scheduler) {
        this.instances = instances;
        this.tasks = tasks;
        this.ingest = ingest;
        this.indexer = indexer;
        this.retention = retention;
        this.watched = watched;
        this.taskLimits = taskLimits;
        this.scheduler = scheduler;
    }

    @Get("/api/v1/services")
    public HttpResponse services() {
        return Json.ok(Map.of(
                "services",
                instances.services(caller()).stream()
                        .map(service -> new ServiceJson(
                                service.name(),
                                service.liveInstances(),
                                service.instances(),
                                TaskJson.time(service.lastSeenMillis())))
                        .toList()));
    }

    /** In the order in which people read it. */
    private record ServiceJson(String name, int liveInstances, int instances, String lastSeen) {}

    @Get("/api/v1/services/{service}/instances")
    public HttpResponse instances(@Param String service, @Param Optional<String> label) {
        LabelFilter filter = LabelFilter.of(label.orElse(null));
        List<Instance> known = instances.ofService(caller(), service);
        if (known.isEmpty()) {
            throw notFound("no instance of service \"" + service + "\" was ever seen");
        }
        return Json.ok(Map.of(
                "instances",
                known.stream()
                        .filter(instance -> filter.accepts(instance.labels().values()))
                        .map(instance -> Map.ofEntries(
                                Map.entry("name", instance.name()),
                                Map.entry("live", instances.isLive(instance)),
                                Map.entry("unable", instance.unable().reason()),
                                Map.entry("unableCode", instance.unable().code()),
                                Map.entry("lacks", instance.abilities().lacks()),
                                Map.entry("unsure", instance.abilities().unsure()),
                                Map.entry("maxSeconds", instance.abilities().maxSeconds()),
                                Map.entry("properties", instance.properties()),
                                Map.entry("labels", instance.labels().values()),
                                Map.entry("firstSeen", TaskJson.time(instance.firstSeenMillis())),
                                Map.entry("lastSeen", TaskJson.time(instances.lastSeenMillis(instance)))))
                        .toList()));
    }

    @Post("/api/v1/services/{service}/instances/{instance}/trust")
    public HttpResponse trust(@Param String service, @Param String instance, HttpRequest request) {
        Json.require(request.contentType());
        Instance known = instances
                .find(caller(), service, instance)
                .orElseThrow(() -> notFound("service \"" + service + "\" has no instance \"" + instance + "\""));
        if (!known.abilities().reports()) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT,
                    "instance \"" + instance + "\" has SkyWalking's agent, which cannot be told anything and does not"
                            + " count JVMs that died"));
        }
        instances.trust(caller(), known.id());
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
                taskLimits.get().maxDuration().toSeconds(),
                "maxInstances",
                taskLimits.get().instances()));
    }

    @Get("/api/v1/tasks")
    public HttpResponse tasks(
            @Param Optional<String> service, @Param @Default("100") int limit, @Param @Default("false") boolean live) {
        if (limit < 1 || limit > MAX_TASKS) {
            throw badRequest("limit", "limit " + limit + " is outside of 1 to " + MAX_TASKS);
        }
        String of = service.orElse(null);
        return Json.ok(Map.of(
                "tasks",
                (live ? tasks.live(caller(), of, limit) : tasks.newest(caller(), of, limit))
                        .stream().map(task -> TaskJson.of(task, ingest)).toList()));
    }

    @Post("/api/v1/tasks")
    public HttpResponse create(AggregatedHttpRequest request) {
        Tasks.Creation creation = tasks.create(caller(), asked(request));
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
        tasks.check(caller(), spec);
        return Json.ok(Map.of(
                "command", TaskSpecText.of(spec), "instances", spec.instances().size()));
    }

    private TaskSpec asked(AggregatedHttpRequest request) {
        return body(
                        request,
                        NewTaskJson.class,
                        "a task",
                        "{\"service\": text, \"instances\": list of texts, \"all\" or a number, \"durationSeconds\": a"
                                + " number, \"events\": list of texts, \"options\": {text: text}}")
                .spec(caller(), instances);
    }

    /**
     * @param what the body has to be, with its article
     * @param shape how that looks
     */
    private static <T> T body(AggregatedHttpRequest request, Class<T> type, String what, String shape) {
        String noun = what.substring(what.indexOf(' ') + 1);
        Json.require(request.contentType());
        T asked;
        try {
            asked = Json.MAPPER.readValue(request.content().array(), type);
        } catch (JsonMappingException e) {
            Json.requireReasonable(e);
            String field = e.getPath().stream()
                    .map(reference -> String.valueOf(reference.getFieldName()))
                    .collect(Collectors.joining("."));
            throw badRequest(
                    field.isEmpty() ? "body" : field,
                    "the body is no " + noun + ": "
                            + (e instanceof UnrecognizedPropertyException
                                    ? "it has no field \"" + field + "\""
                                    : (field.isEmpty() ? "it" : "\"" + field + "\"") + " has another type")
                            + "; " + what + " is " + shape);
        } catch (JsonProcessingException e) {
            Json.requireReasonable(e);
            JsonLocation at = e.getLocation();
            throw badRequest(
                    "body",
                    "the body is no JSON"
                            + (at == null ? "" : ": see line " + at.getLineNr() + ", column " + at.getColumnNr()));
        } catch (IOException e) {
            throw badRequest("body", "the body is no JSON");
        }
        if (asked == null) {
            throw badRequest("body", "the body is null instead of " + what);
        }
        return asked;
    }

    @Get("/api/v1/tasks/{task}")
    public HttpResponse task(@Param("task") String id) {
        return Json.ok(TaskJson.of(require(id), ingest));
    }

    @Post("/api/v1/tasks/{task}/cancel")
    public HttpResponse cancel(@Param("task") String id, HttpRequest request) {
        Json.require(request.contentType());
        return Json.ok(TaskJson.of(
                tasks.cancel(caller(), id).orElseThrow(() -> notFound("there is no task \"" + id + "\"")), ingest));
    }

    @Post("/api/v1/tasks/{task}/stop")
    public HttpResponse stop(@Param("task") String id, HttpRequest request) {
        Json.require(request.contentType());
        return Json.ok(TaskJson.of(
                tasks.stop(caller(), id).orElseThrow(() -> notFound("there is no task \"" + id + "\"")), ingest));
    }

    @Put("/api/v1/tasks/{task}/title")
    public HttpResponse retitle(@Param("task") String id, AggregatedHttpRequest request) {
        TitleJson asked = body(request, TitleJson.class, "a title", "{\"title\": text}");
        return Json.ok(TaskJson.of(
                tasks.retitle(caller(), id, asked.title())
                        .orElseThrow(() -> notFound("there is no task \"" + id + "\"")),
                ingest));
    }

    /** The title of a task as it is asked for. */
    record TitleJson(String title) {}

    @Delete("/api/v1/tasks/{task}")
    public HttpResponse delete(@Param("task") String id) {
        return switch (retention.deleteTask(caller(), id)) {
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
        return TaskStream.of(Caller.of(context)::now, id, watched, task -> TaskJson.of(task, ingest), scheduler);
    }

    @Get("/api/v1/tasks/{task}/assignments/{assignment}/history")
    public HttpResponse history(@Param("task") String id, @Param("assignment") String assignmentId) {
        requirePart(id, assignmentId);
        return Json.ok(Map.of(
                "history",
                tasks.history(caller(), id, assignmentId).stream()
                        .map((ProgressStep row) -> Map.of(
                                "at",
                                TaskJson.time(row.atMillis()),
                                "state",
                                row.progress().name(),
                                "reason",
                                row.reason()))
                        .toList()));
    }

    @Post("/api/v1/tasks/{task}/assignments/{assignment}/read-again")
    public HttpResponse readAgain(
            @Param("task") String id, @Param("assignment") String assignmentId, HttpRequest request) {
        Json.require(request.contentType());
        Part part = requirePart(id, assignmentId);
        if (indexer.readAgain(caller(), assignmentId).isEmpty()) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT,
                    "assignment \"" + assignmentId + "\" is " + part.progress()
                            + "; only UNREADABLE ones are read again"));
        }
        return Json.ok(TaskJson.of(require(id), ingest));
    }

    /** The recording, without its secrets unless the settings say otherwise. */
    @Get("/api/v1/tasks/{task}/assignments/{assignment}/recording")
    public HttpResponse recording(
            @Param("task") String id, @Param("assignment") String assignmentId, ServiceRequestContext context)
            throws IOException {
        require(id);
        Part part = tasks.download(caller(), id, assignmentId).orElseThrow(() -> noAssignment(id, assignmentId));
        Blobs.Blob blob = part.recording().isEmpty()
                ? null
                : Download.bytes(indexer, part.recording().get()).orElse(null);
        if (blob == null) {
            throw notFound("assignment \"" + assignmentId + "\" has no recording: it is " + part.progress()
                    + (part.reason().isEmpty() ? "" : ", " + part.reason()));
        }
        return Download.of(blob, part.assignment().instanceName() + "-" + id + ".jfr", part.recordingSha256(), context);
    }

    private static Principal caller() {
        return Caller.current().principal();
    }

    private Task require(String id) {
        return tasks.find(caller(), id).orElseThrow(() -> notFound("there is no task \"" + id + "\""));
    }

    private Part requirePart(String id, String assignmentId) {
        require(id);
        return tasks.part(caller(), id, assignmentId).orElseThrow(() -> noAssignment(id, assignmentId));
    }

    private static ProblemException noAssignment(String id, String assignmentId) {
        return notFound("task \"" + id + "\" has no assignment \"" + assignmentId + "\"");
    }
}
