package io.davylamp.core;

import static io.davylamp.core.access.Principal.ANYONE;

import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.RecordingReader;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The whole domain on memory, with service {@code shop} and two instances. */
public final class CoreRig implements AutoCloseable {
    public static final UploadLimits UPLOADS = new UploadLimits(4 << 20, 1_000, 2, Duration.ofSeconds(30), 100);

    public final TestClock clock = new TestClock();
    public final InMemoryStore store = new InMemoryStore();
    public final InMemoryBlobs blobs = new InMemoryBlobs();
    public final Changes changes = new Changes();
    public final Ids ids = new Ids();
    public final Instances instances = new Instances(store, ids, changes, clock, InstanceLimits.DEFAULT);
    public final Assignments assignments = new Assignments(store, changes, clock);
    public final Tasks tasks = new Tasks(store, ids, changes, clock, TaskLimits.DEFAULT, assignments);
    public final Reports reports = new Reports(assignments, changes, TaskLimits.DEFAULT);
    public final Offers offers = new Offers(assignments, reports, clock);
    public final Deadlines deadlines = new Deadlines(store, assignments, changes, clock);
    public final RecordingReader reader = new RecordingReader(blobs, 4 << 20, 1_000);
    public final Indexer indexer = new Indexer(store, reader, changes, clock, 1);
    public final Retention retention = new Retention(store, blobs, changes, clock, TaskLimits.DEFAULT.kept());
    public final Ingest ingest =
            new Ingest(store, blobs, assignments, deadlines, indexer, changes, UPLOADS, clock, new ServerId("one"));
    public final ProfileQuery query = new ProfileQuery(blobs, QueryLimits.DEFAULT);
    public final Instance one = instances.hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "life-1");
    public final Instance two = instances.hello(ANYONE, "shop", "shop-2", Map.of(), Unable.NO, "life-2");

    public static TaskSpec spec(String... instances) {
        return TaskSpec.asked(
                "shop", List.of(instances), Duration.ofSeconds(10), Set.of(ProfilerEvent.CPU), new TreeMap<>(), null);
    }

    /** An instance {@code quiet} whose agent can only take a task, and names the last one it took. */
    public Instance unreported(String life) {
        return instances.hello(
                ANYONE,
                "shop",
                "quiet",
                Map.of(),
                Map.of(),
                Unable.NO,
                life,
                new Abilities(false, Map.of("nativemem", "its agent brings an older profiler"), Map.of(), 1_200));
    }

    /** Creates a task, which must be possible. */
    public Task create(String... on) {
        return ((Tasks.Created) tasks.create(ANYONE, spec(on))).task();
    }

    /** Brings the task's assignment on shop-1 to RUNNING. */
    public Assignment run(Task task) {
        Assignment assignment = offers.offer(one.id(), "life-1").orElseThrow().assignment();
        reports.accepted(one.id(), assignment.id());
        reports.running(one.id(), assignment.id(), "perf_events", "");
        return now(task);
    }

    /** The task's first instance as people are told of it now. */
    public Part part(Task task) {
        return tasks.find(ANYONE, task.id()).orElseThrow().parts().get(0);
    }

    /** The assignment of the task's first instance as it is now. */
    public Assignment now(Task task) {
        return tasks.find(ANYONE, task.id()).orElseThrow().assignments().get(0);
    }

    @Override
    public void close() {
        indexer.close();
    }
}
