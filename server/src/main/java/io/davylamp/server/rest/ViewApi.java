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
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.query.Choice;
import io.davylamp.core.query.Chosen;
import io.davylamp.core.query.ProfileQuery;
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
import io.davylamp.server.access.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Views of the profiles of tasks and of opened files, alone, together, and one against another. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class ViewApi {
    /** Says in words what the node budget that somebody asked for cut. */
    private static final String CUT = "Davylamp-Cut";

    private final Tasks tasks;
    private final Chosen chosen;
    private final ProfileQuery query;

    ViewApi(Tasks tasks, Chosen chosen, ProfileQuery query) {
        this.tasks = tasks;
        this.chosen = chosen;
        this.query = query;
    }

    @Get("/api/v1/tasks/{task}/measures")
    public HttpResponse measures(@Param("task") String id, QueryParams params) throws IOException {
        Parameters parameters = all(params);
        Query asked =
                ViewRequest.of(ViewKind.INFO, ofView(parameters), limits()).query();
        Profiles profiles =
                query.views(chosen.of(caller(), ofTask(id, parameters), "").sources(), List.of());
        return Json.ok(Map.of("measures", query.inTurn(caller(), () -> InfoView.measures(asked, profiles.of(asked)))));
    }

    @Get("/api/v1/tasks/{task}/{view}")
    public HttpResponse task(@Param("task") String id, @Param("view") String word, QueryParams params)
            throws IOException {
        return view(requireView(word), params, parameters -> ofTask(id, parameters));
    }

    @Get("/api/v1/files/{file}/{view}")
    public HttpResponse file(@Param("file") String id, @Param("view") String word, QueryParams params)
            throws IOException {
        return view(
                requireView(word),
                params,
                parameters -> Choice.of("", parameters).withFile(id));
    }

    /** Any view over any set of tasks and files. */
    @Get("/api/v1/profiles/{view}")
    public HttpResponse profiles(@Param("view") String word, QueryParams params) throws IOException {
        if (!Choice.of("", all(params)).isGiven()) {
            throw badRequest("task", "task, file or service is missing: of which profiles is the view?");
        }
        return view(requireView(word), params, parameters -> Choice.of("", parameters));
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

    /** Says of which recordings a view is. */
    private interface Selection {
        Choice of(Parameters parameters);
    }

    private HttpResponse view(ViewKind kind, QueryParams params, Selection selection) throws IOException {
        Parameters parameters = all(params);
        Parameters ofView = ofView(parameters);
        ViewRequest request = ViewRequest.of(kind, ofView, limits());
        Choice choice = selection.of(parameters);
        Chosen.Recordings selected = chosen.of(caller(), choice, "");
        Choice other = Choice.of(Query.BASELINE, parameters);
        List<ProfileSource> baseline = List.of();
        if (other.isGiven()) {
            baseline = chosen.of(caller(), other, Query.BASELINE).sources();
        } else if (!other.instances().isEmpty()) {
            choice.tasks().forEach(id -> requireInstances(id, other.instances()));
            baseline = chosen.of(caller(), choice.ofInstances(other.instances()), "")
                    .sources();
        } else if (ofView.names().stream().anyMatch(name -> name.startsWith(Query.BASELINE))) {
            // Another time range or thread of the same profiles is a baseline too.
            baseline = selected.sources();
        }
        Profiles profiles = query.views(selected.sources(), baseline);
        Format format = request.format();
        MediaType type = MediaType.parse(format.contentType());
        ServiceRequestContext context = ServiceRequestContext.current();
        if (!kind.isTree() || !format.isWhole()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
            query.inTurn(caller(), () -> request.write(profiles, selected.title(), out));
            return Compressed.of(out.toByteArray(), type, context.request().headers());
        }
        Packed out = new Packed(query.limits().exportBytes());
        String cut = query.inTurn(caller(), () -> {
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

    private static Principal caller() {
        return Caller.current().principal();
    }

    private static Parameters all(QueryParams params) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        params.names().forEach(name -> all.put(name, params.getAll(name)));
        return new Parameters(all);
    }

    /** The parameters without those that choose recordings. */
    private static Parameters ofView(Parameters parameters) {
        Map<String, List<String>> ofView = new LinkedHashMap<>(parameters.values());
        Choice.PARAMETERS.forEach(name -> {
            ofView.remove(name);
            ofView.remove(Query.BASELINE + name);
        });
        return new Parameters(ofView);
    }

    private Choice ofTask(String id, Parameters parameters) {
        Choice choice = Choice.of("", parameters);
        requireInstances(id, choice.instances());
        return choice.ofTask(id);
    }

    private void requireInstances(String id, List<String> names) {
        Task task = tasks.find(caller(), id).orElseThrow(() -> notFound("there is no task \"" + id + "\""));
        for (String name : names) {
            if (!task.spec().instances().contains(name)) {
                throw badRequest(
                        "instance",
                        "task \"" + id + "\" has no instance \"" + name + "\"; it has "
                                + String.join(", ", task.spec().instances()));
            }
        }
    }
}
