package io.davylamp.server.rest;

import static io.davylamp.server.rest.ProblemException.badRequest;
import static io.davylamp.server.rest.ProblemException.notFound;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.task.Task;
import io.davylamp.profile.export.Format;
import io.davylamp.profile.export.ViewRequest;
import io.davylamp.profile.view.InfoView;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Views of the profiles of tasks and of opened files, alone, together, and one against another. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class ViewApi {
    private static final int MAX_TASKS = 1_000;
    /** Parameters that say of which profiles a view is. */
    private static final List<String> SELECTORS = List.of("task", "file", "service", "instance", "since", "until");

    /** Says in words what the node budget that somebody asked for cut. */
    private static final String CUT = "Davylamp-Cut";

    private final Tasks tasks;
    private final Opening files;
    private final ProfileQuery query;

    ViewApi(Tasks tasks, Opening files, ProfileQuery query) {
        this.tasks = tasks;
        this.files = files;
        this.query = query;
    }

    @Get("/api/v1/tasks/{task}/measures")
    public HttpResponse measures(@Param("task") String id, QueryParams params) throws IOException {
        List<String> names = params.getAll("instance");
        Query asked = ViewRequest.of(ViewKind.INFO, ofView(params), limits()).query();
        Profiles profiles = query.views(List.of(requireWithInstances(id, names)), names);
        return Json.ok(Map.of("measures", query.inTurn(() -> InfoView.measures(asked, profiles))));
    }

    @Get("/api/v1/tasks/{task}/flame")
    public HttpResponse flame(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.FLAME, id, params);
    }

    @Get("/api/v1/tasks/{task}/callers")
    public HttpResponse callers(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.CALLERS, id, params);
    }

    @Get("/api/v1/tasks/{task}/callees")
    public HttpResponse callees(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.CALLEES, id, params);
    }

    @Get("/api/v1/tasks/{task}/hot")
    public HttpResponse hot(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.HOT, id, params);
    }

    @Get("/api/v1/tasks/{task}/timeline")
    public HttpResponse timeline(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.TIMELINE, id, params);
    }

    @Get("/api/v1/tasks/{task}/threads")
    public HttpResponse threads(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.THREADS, id, params);
    }

    @Get("/api/v1/tasks/{task}/info")
    public HttpResponse info(@Param("task") String id, QueryParams params) throws IOException {
        return ofTask(ViewKind.INFO, id, params);
    }

    private HttpResponse ofTask(ViewKind view, String id, QueryParams params) throws IOException {
        return view(view, names -> of(List.of(requireWithInstances(id, names)), names), params);
    }

    @Get("/api/v1/files/{file}/{view}")
    public HttpResponse file(@Param("file") String id, @Param("view") String word, QueryParams params)
            throws IOException {
        return view(
                requireView(word),
                names -> new Selected(List.of(source(id)), requireFile(id).instance()),
                params);
    }

    /** Any view over any set of tasks and files. */
    @Get("/api/v1/profiles/{view}")
    public HttpResponse profiles(@Param("view") String word, QueryParams params) throws IOException {
        if (!selects("", params)) {
            throw badRequest("task", "task, file or service is missing: of which profiles is the view?");
        }
        return view(requireView(word), names -> select("", names, params), params);
    }

    private static ViewKind requireView(String word) {
        ViewKind kind = ViewKind.of(word);
        if (kind == null) {
            throw notFound("there is no view \"" + word + "\"; there are "
                    + Arrays.stream(ViewKind.values()).map(ViewKind::word).collect(Collectors.joining(", ")));
        }
        return kind;
    }

    private ViewLimits limits() {
        return new ViewLimits(
                query.limits().nodes(), query.limits().rows(), query.limits().exportNodes());
    }

    /** Profiles, and what they are called together. */
    private record Selected(List<ProfileSource> sources, String title) {}

    /** Chooses profiles, of some instances or, when none is named, of all. */
    private interface Selection {
        Selected of(List<String> instances) throws IOException;
    }

    private HttpResponse view(ViewKind kind, Selection selection, QueryParams params) throws IOException {
        Parameters parameters = ofView(params);
        ViewRequest request = ViewRequest.of(kind, parameters, limits());
        List<String> names = params.getAll("instance");
        List<String> baselineNames = params.getAll(Query.BASELINE + "instance");
        Selected selected = selection.of(names);
        List<ProfileSource> baseline = List.of();
        if (selects(Query.BASELINE, params)) {
            baseline = select(Query.BASELINE, baselineNames, params).sources();
        } else if (!baselineNames.isEmpty()) {
            baseline = selection.of(baselineNames).sources();
        } else if (parameters.names().stream().anyMatch(name -> name.startsWith(Query.BASELINE))) {
            // Another time range or thread of the same profiles is a baseline too.
            baseline = selected.sources();
        }
        Profiles profiles = query.views(selected.sources(), baseline);
        Format format = request.format();
        MediaType type = MediaType.parse(format.contentType());
        ServiceRequestContext context = ServiceRequestContext.current();
        if (!kind.isTree() || !format.isWhole()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
            query.inTurn(() -> request.write(profiles, selected.title(), out));
            return Compressed.of(out.toByteArray(), type, context.request().headers());
        }
        Packed out = new Packed(query.limits().exportBytes());
        String cut = query.inTurn(() -> {
            String told = request.write(profiles, selected.title(), out);
            out.close();
            return told;
        });
        return out.answer(type, context).mapHeaders(headers -> {
            ResponseHeadersBuilder more = headers.toBuilder();
            if (cut != null) {
                more.set(CUT, cut);
            }
            // An export is a file: the page's own policy would not let the script of an HTML export run here.
            if (format.isExport()) {
                more.set(
                        HttpHeaderNames.CONTENT_DISPOSITION,
                        Download.disposition(selected.title() + "." + format.suffix()));
            }
            return more.build();
        });
    }

    /** The parameters without those that select profiles. */
    private static Parameters ofView(QueryParams params) {
        Map<String, List<String>> ofView = new LinkedHashMap<>();
        params.names().forEach(name -> ofView.put(name, params.getAll(name)));
        SELECTORS.forEach(name -> {
            ofView.remove(name);
            ofView.remove(Query.BASELINE + name);
        });
        return new Parameters(ofView);
    }

    private static boolean selects(String prefix, QueryParams params) {
        return Stream.of("task", "file", "service").anyMatch(name -> params.contains(prefix + name));
    }

    private Selected select(String prefix, List<String> instances, QueryParams params) throws IOException {
        List<Task> chosen = new ArrayList<>();
        for (String id : params.getAll(prefix + "task")) {
            chosen.add(require(id));
        }
        String service = params.get(prefix + "service");
        if (service != null && chosen.isEmpty()) {
            chosen.addAll(ofService(prefix, service, params));
        }
        List<String> opened = params.getAll(prefix + "file");
        Selected selected = chosen.isEmpty() ? new Selected(new ArrayList<>(), "") : of(chosen, instances);
        List<ProfileSource> sources = new ArrayList<>(selected.sources());
        for (String id : opened) {
            sources.add(source(id));
        }
        String title = chosen.isEmpty() ? requireFile(opened.get(0)).instance() : selected.title();
        return new Selected(sources, title);
    }

    private List<Task> ofService(String prefix, String service, QueryParams params) {
        long since = millis(prefix + "since", params.get(prefix + "since"), Long.MIN_VALUE);
        long until = millis(prefix + "until", params.get(prefix + "until"), Long.MAX_VALUE);
        List<Task> newest = tasks.newest(service, MAX_TASKS + 1);
        if (newest.size() > MAX_TASKS && newest.get(MAX_TASKS).createdMillis() >= since) {
            throw badRequest(
                    prefix + "since",
                    "service \"" + service + "\" has more than " + MAX_TASKS
                            + " tasks since then, which is all that one view" + " is of; ask for less with " + prefix
                            + "since");
        }
        List<Task> some = newest.stream()
                .filter(task -> task.createdMillis() >= since && task.createdMillis() < until)
                .toList();
        if (some.isEmpty()) {
            throw notFound("service \"" + service + "\" has no task created in that time");
        }
        return some;
    }

    private Selected of(List<Task> chosen, List<String> instances) throws IOException {
        Task first = chosen.get(0);
        String title = first.spec().service() + (chosen.size() == 1 ? " " + first.id() : "");
        return new Selected(query.sources(chosen, instances), title);
    }

    private ProfileSource source(String fileId) throws IOException {
        Recording file = requireFile(fileId);
        return query.source(file.profileKey(), file.instance());
    }

    private Recording requireFile(String id) {
        return FileApi.require(files, id);
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
}
