package io.davylamp.server.rest;

import com.linecorp.armeria.server.ServerBuilder;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.query.Chosen;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.access.SessionCookie;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** The routes of {@code /api/v1}. */
public final class RestApi {
    private static final Duration OPENING = Duration.ofMinutes(10);

    private final TaskApi tasks;
    private final ViewApi views;
    private final FileApi files;
    private final StatusApi status;
    private final AccessApi access;
    private final OidcApi oidc;
    private final long fileBytes;

    /**
     * @param access null while nobody can sign in
     * @param basePath below which browsers find everything; empty for none
     * @param sourceLink where the page finds the source of a method; empty for nowhere
     */
    public RestApi(
            Access access,
            String basePath,
            String sourceLink,
            Instances instances,
            Tasks tasks,
            Opening files,
            Ingest ingest,
            Indexer indexer,
            Retention retention,
            ProfileQuery query,
            Chosen chosen,
            WatchedTasks watched,
            Supplier<TaskLimits> taskLimits,
            ScheduledExecutorService scheduler,
            ServerStatus status) {
        this.tasks = new TaskApi(instances, tasks, ingest, indexer, retention, watched, taskLimits, scheduler);
        this.views = new ViewApi(tasks, chosen, query);
        this.files = new FileApi(files, indexer);
        this.status = new StatusApi(status);
        this.oidc = new OidcApi(access, basePath);
        this.access = new AccessApi(access, tasks, oidc, new SessionCookie(basePath), sourceLink);
        this.fileBytes = files.limits().fileBytes();
    }

    public void addTo(ServerBuilder builder) {
        builder.annotatedService(tasks);
        builder.annotatedService(views);
        builder.annotatedService(status);
        builder.annotatedService(access);
        builder.annotatedService(oidc);
        // A request of HTTP/2 that is too long is refused before any code sees it.
        builder.annotatedService()
                .maxRequestLength(fileBytes)
                .requestTimeout(OPENING)
                .build(files);
    }
}
