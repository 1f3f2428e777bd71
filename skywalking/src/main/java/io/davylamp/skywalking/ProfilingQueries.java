package io.davylamp.skywalking;

import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherResult;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.TypeRuntimeWiring;
import io.davylamp.core.Quoted;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.ProfilerOption;
import io.davylamp.core.task.Progress;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.MeasureTotals;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.TreeSum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The four profiling operations of SkyWalking's GraphQL. */
final class ProfilingQueries implements AutoCloseable {
    private static final int TASKS = 200;
    private static final int MAX_TASKS = 10_000;
    /** Limit for all tasks of one answer together. */
    private static final int MAX_INSTANCES = 200_000;

    private static final String ALREADY_PROFILING =
            "current service already has monitor async profiler task execute at this time";
    /** The page's name for a creation; it looks for refusals among the errors, and not where they are. */
    private static final String BOOSTER_CREATION = "createAsyncProfileTask";

    /** Longest wait of an analysis for a recording that is being read; this dialect calls a task finished before that. */
    private static final Duration READING = Duration.ofSeconds(2);

    private static final int READERS = 4;

    private static final Duration LOOK = Duration.ofMillis(50);

    private final Instances instances;
    private final Tasks tasks;
    private final Assignments assignments;
    private final ProfileQuery query;
    private final ZoneId zone;
    private final int maxElements;
    /** Look, and answer what waited: the threads of the door do not wait for a reader. */
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(READERS, work -> {
        Thread thread = new Thread(work, "graphql-reading");
        thread.setDaemon(true);
        return thread;
    });
    /** By task: however many ask, one looks. */
    private final Map<String, CompletableFuture<Void>> reading = new ConcurrentHashMap<>();

    ProfilingQueries(
            Instances instances,
            Tasks tasks,
            Assignments assignments,
            ProfileQuery query,
            ZoneId zone,
            int maxElements) {
        this.instances = instances;
        this.tasks = tasks;
        this.assignments = assignments;
        this.query = query;
        this.zone = zone;
        this.maxElements = maxElements;
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }

    void wire(TypeRuntimeWiring.Builder queries, TypeRuntimeWiring.Builder mutations) {
        queries.dataFetcher(
                        "queryAsyncProfilerTaskList",
                        environment -> list(GraphQlDoor.caller(environment), environment.getArgument("request")))
                .dataFetcher(
                        "queryAsyncProfilerTaskProgress",
                        environment -> progress(GraphQlDoor.caller(environment), environment.getArgument("taskId")))
                .dataFetcher(
                        "queryAsyncProfilerAnalyze",
                        environment -> analysis(GraphQlDoor.caller(environment), environment.getArgument("request")));
        mutations.dataFetcher("createAsyncProfilerTask", this::create);
    }

    private DataFetcherResult<Map<String, Object>> create(DataFetchingEnvironment environment) {
        Map<String, Object> request = environment.getArgument("asyncProfilerTaskCreationRequest");
        Map<String, Object> result = create(GraphQlDoor.caller(environment), request);
        DataFetcherResult.Builder<Map<String, Object>> answer =
                DataFetcherResult.<Map<String, Object>>newResult().data(result);
        String operation = environment.getOperationDefinition().getName();
        if (BOOSTER_CREATION.equals(operation) && result.get("errorReason") != null) {
            answer.error(GraphqlErrorBuilder.newError(environment)
                    .message(result.get("errorReason").toString())
                    .build());
        }
        return answer.build();
    }

    private Map<String, Object> create(Principal who, Map<String, Object> request) {
        try {
            Tasks.Creation creation = tasks.create(who, spec(who, request));
            if (creation instanceof Tasks.Overlaps overlaps) {
                return refused(
                        "ALREADY_PROFILING_ERROR",
                        ALREADY_PROFILING + ": instance " + overlaps.instance() + " has task " + overlaps.taskId());
            }
            Map<String, Object> result = new HashMap<>();
            result.put("code", "SUCCESS");
            result.put("id", ((Tasks.Created) creation).task().id());
            return result;
        } catch (InvalidTaskException | DeniedException | LimitReachedException e) {
            return refused("ARGUMENT_ERROR", e.getMessage());
        }
    }

    private static Map<String, Object> refused(String code, String reason) {
        Map<String, Object> result = new HashMap<>();
        result.put("code", code);
        result.put("errorReason", reason);
        return result;
    }

    private TaskSpec spec(Principal who, Map<String, Object> request) {
        String serviceId = request.get("serviceId").toString();
        require(!serviceId.isBlank(), "service", "service cannot be null");
        int seconds = (int) request.get("duration");
        require(seconds > 0, "durationSeconds", "duration cannot be negative");
        List<?> events = (List<?>) request.get("events");
        require(!events.isEmpty(), "events", "events cannot be empty");
        List<?> ids = (List<?>) request.get("serviceInstanceIds");
        require(!ids.isEmpty(), "instances", "serviceInstanceIds cannot be empty");

        String service = SkyWalkingIds.serviceName(serviceId)
                .orElseThrow(() -> new InvalidTaskException("service", Quoted.of(serviceId) + " is no service id"));
        List<Instance> known = instances.ofService(who, service);
        require(!known.isEmpty(), "service", "no instance of service " + Quoted.of(service) + " was ever seen");
        List<String> names = new ArrayList<>();
        for (Object id : ids) {
            names.add(SkyWalkingIds.instanceName(id.toString(), service)
                    .orElseThrow(() -> new InvalidTaskException(
                            "instances",
                            Quoted.of(id.toString()) + " is no id of an instance of service " + Quoted.of(service))));
        }
        Set<ProfilerEvent> chosen = EnumSet.noneOf(ProfilerEvent.class);
        for (Object event : events) {
            require(
                    chosen.add(ProfilerEvent.valueOf(event.toString())),
                    "events",
                    "event " + event + " is named twice; name each once");
        }
        String text = (String) request.get("execArgs");
        SortedMap<String, String> options = CommandArgs.options(text);
        requirePossible(options, known.stream().filter(each -> names.contains(each.name())));
        return TaskSpec.asked(service, names, Duration.ofSeconds(seconds), chosen, options, text);
    }

    /** Says of an option that does not exist which do, for the profilers that are meant. */
    private static void requirePossible(SortedMap<String, String> options, Stream<Instance> chosen) {
        Set<String> lacks = chosen.flatMap(each -> each.abilities().lacks().keySet().stream())
                .collect(Collectors.toSet());
        for (String word : options.keySet()) {
            require(
                    ProfilerOption.ofWord(word) != null,
                    "options",
                    "option " + Quoted.of(word) + " is not allowed; allowed are " + ProfilerOption.words(lacks));
        }
    }

    private static void require(boolean holds, String field, String reason) {
        if (!holds) {
            throw new InvalidTaskException(field, reason);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> list(Principal who, Map<String, Object> request) {
        Map<String, Object> result = new HashMap<>();
        Optional<String> service =
                SkyWalkingIds.serviceName(request.get("serviceId").toString());
        Map<String, Object> duration = (Map<String, Object>) request.get("queryDuration");
        Predicate<Task> inTime = task -> true;
        if (duration != null) {
            QueryTime time = QueryTime.of(duration, zone);
            inTime = task -> time.holds(task.createdMillis());
        }
        int limit = request.get("limit") == null ? TASKS : Math.max(0, (int) request.get("limit"));
        List<Map<String, Object>> found = new ArrayList<>();
        int named = 0;
        for (Task task : service.map(name -> tasks.newest(who, name, MAX_TASKS)).orElse(List.of())) {
            named += task.spec().instances().size();
            if (found.size() >= limit || named > MAX_INSTANCES) {
                break;
            }
            if (inTime.test(task)) {
                found.add(task(task));
            }
        }
        result.put("tasks", found);
        return result;
    }

    private static Map<String, Object> task(Task task) {
        Map<String, Object> json = new HashMap<>();
        String service = task.spec().service();
        json.put("id", task.id());
        json.put("serviceId", SkyWalkingIds.service(service));
        json.put(
                "serviceInstanceIds",
                task.spec().instances().stream()
                        .map(name -> SkyWalkingIds.instance(service, name))
                        .toList());
        json.put("createTime", task.createdMillis());
        json.put("events", CommandArgs.events(task.spec()));
        json.put("duration", (int) task.spec().duration().toSeconds());
        json.put("execArgs", CommandArgs.optionsText(task));
        return json;
    }

    private record LogLine(Assignment assignment, StateWords.Line line) {}

    private Map<String, Object> progress(Principal who, String taskId) {
        Optional<Task> known = tasks.find(who, taskId);
        List<LogLine> lines = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> finished = new ArrayList<>();
        List<Map<String, String>> states = new ArrayList<>();
        String service = known.map(task -> task.spec().service()).orElse("");
        for (Part part : known.map(Task::parts).orElse(List.of())) {
            Assignment assignment = part.assignment();
            String id = SkyWalkingIds.instance(service, assignment.instanceName());
            Set<StateWords.Word> words = EnumSet.noneOf(StateWords.Word.class);
            for (StateWords.Line line : StateWords.log(assignments.history(assignment.id()))) {
                lines.add(new LogLine(assignment, line));
                words.add(line.word());
            }
            if (words.contains(StateWords.Word.EXECUTION_FINISHED)) {
                finished.add(id);
            }
            if (words.contains(StateWords.Word.EXECUTION_TASK_ERROR)
                    || words.contains(StateWords.Word.JFR_UPLOAD_FILE_TOO_LARGE_ERROR)) {
                failed.add(id);
            }
            states.add(Map.of(
                    "instanceId", id,
                    "instanceName", assignment.instanceName(),
                    "state", part.progress().name(),
                    "reason", part.reason()));
        }
        lines.sort(Comparator.comparingLong((LogLine line) -> line.line().atMillis())
                .thenComparing(line -> line.line().word())
                .reversed());
        return Map.of(
                "logs", lines.stream().map(line -> log(taskId, service, line)).toList(),
                "errorInstanceIds", failed,
                "successInstanceIds", finished,
                "states", states);
    }

    private static Map<String, Object> log(String taskId, String service, LogLine line) {
        Map<String, Object> json = new HashMap<>();
        json.put("id", taskId);
        json.put("instanceId", SkyWalkingIds.instance(service, line.assignment().instanceName()));
        json.put("instanceName", line.assignment().instanceName());
        json.put("operationType", line.line().word().name());
        json.put("operationTime", line.line().atMillis());
        json.put("reason", line.line().reason().isEmpty() ? null : line.line().reason());
        return json;
    }

    /** SkyWalking's event types. */
    private enum JfrEvent {
        EXECUTION_SAMPLE,
        LOCK,
        OBJECT_ALLOCATION_IN_NEW_TLAB,
        OBJECT_ALLOCATION_OUTSIDE_TLAB,
        PROFILER_LIVE_OBJECT
    }

    private CompletableFuture<Map<String, Object>> analysis(Principal who, Map<String, Object> request) {
        String taskId = request.get("taskId").toString();
        Optional<Task> task = tasks.find(who, taskId);
        Set<String> names = task.map(known -> names(request, known)).orElse(Set.of());
        if (task.isEmpty() || !isBeingRead(task.get(), names)) {
            return CompletableFuture.completedFuture(analyze(who, request, task, names));
        }
        long deadlineNanos = System.nanoTime() + READING.toNanos();
        return reading.computeIfAbsent(taskId, id -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    look(id, deadlineNanos, done);
                    return done;
                })
                .thenApply(nothing -> analyze(who, request, tasks.find(who, taskId), names));
    }

    private void look(String taskId, long deadlineNanos, CompletableFuture<Void> done) {
        timers.schedule(
                () -> {
                    boolean goesOn = false;
                    try {
                        goesOn = System.nanoTime() < deadlineNanos
                                && tasks.find(Principal.SYSTEM, taskId)
                                        .filter(task -> isBeingRead(task, Set.of()))
                                        .isPresent();
                    } finally {
                        if (goesOn) {
                            look(taskId, deadlineNanos, done);
                        } else {
                            reading.remove(taskId);
                            done.complete(null);
                        }
                    }
                },
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Whether a recording has come that is not read yet. */
    private static boolean isBeingRead(Task task, Set<String> names) {
        return task.parts().stream()
                .filter(each ->
                        names.isEmpty() || names.contains(each.assignment().instanceName()))
                .anyMatch(each -> each.progress() == Progress.STORED);
    }

    /** The instances that an analysis is of; none for all. */
    private static Set<String> names(Map<String, Object> request, Task task) {
        Set<String> names = new LinkedHashSet<>();
        for (Object id : (List<?>) request.get("instanceIds")) {
            // An id that is none of this task's names no instance of it.
            names.add(SkyWalkingIds.instanceName(id.toString(), task.spec().service())
                    .orElse(id.toString()));
        }
        return names;
    }

    private Map<String, Object> analyze(
            Principal who, Map<String, Object> request, Optional<Task> task, Set<String> names) {
        JfrEvent event = JfrEvent.valueOf(request.get("eventType").toString());
        List<AnalysisTree.Element> elements = AnalysisTree.empty();
        String reason;
        if (task.isEmpty()) {
            reason = "there is no such task";
        } else {
            try {
                List<ProfileSource> sources = query.sources(List.of(task.get()), names);
                Profiles profiles = query.views(sources, List.of());
                elements =
                        query.inTurn(who, () -> AnalysisTree.of(sum(profiles, event, sources.size() > 1), maxElements));
                reason = elements.get(0).total() == 0 ? "the recordings hold no such samples" : null;
            } catch (ProfileQuery.NoAnswerException e) {
                reason = e.getMessage();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Map<String, Object> result = new HashMap<>();
        result.put("tree", Map.of("type", event.name(), "elements", elements));
        result.put("reason", reason);
        return result;
    }

    /** @param several whether the profiles are of several JVMs, each of which numbers its lambdas in its own way */
    private static FrameTree sum(Profiles profiles, JfrEvent event, boolean several) throws IOException {
        TreeSum sum = new TreeSum(
                new Measure(event.name(), Unit.SAMPLES), several ? AnalysisTree::textOfSeveral : AnalysisTree::text);
        for (MeasureTotals totals : profiles.measures()) {
            Measure measure = totals.measure();
            if (belongs(measure, event)) {
                sum.add(tree(profiles, measure));
            } else if (measure.equals(Measure.ALLOC_OUTSIDE_TLAB) && event == JfrEvent.OBJECT_ALLOCATION_IN_NEW_TLAB) {
                sum.subtract(tree(profiles, measure)); // it is a part of all allocations
            }
        }
        return sum.build();
    }

    private static boolean belongs(Measure measure, JfrEvent event) {
        return switch (event) {
            // A counter is recorded as execution samples too; its name has no dot, unlike those of other event types.
            case EXECUTION_SAMPLE ->
                isSampled(measure)
                        || measure.unit() == Unit.EVENTS && !measure.name().contains(".");
            case LOCK -> measure.equals(Measure.LOCK);
            case OBJECT_ALLOCATION_IN_NEW_TLAB -> measure.equals(Measure.ALLOC);
            case OBJECT_ALLOCATION_OUTSIDE_TLAB -> measure.equals(Measure.ALLOC_OUTSIDE_TLAB);
            case PROFILER_LIVE_OBJECT -> measure.equals(Measure.LIVE);
        };
    }

    /** By name: the unit tells whether the interval is known. The last are execution samples that are not {@code cpu}. */
    private static boolean isSampled(Measure measure) {
        return Stream.of("cpu", "wall", "native", "jdk.ExecutionSample").anyMatch(each -> each.equals(measure.name()));
    }

    private static FrameTree tree(Profiles profiles, Measure measure) throws IOException {
        // SkyWalking counts execution samples, we time them.
        Map<String, String> parameters = Map.of(
                "measure",
                measure.name(),
                "detail",
                "line",
                "raw-names",
                "true",
                "bare-symbols",
                "true",
                "count",
                Boolean.toString(isSampled(measure)));
        return profiles.tree(Query.of(parameters::get));
    }
}
