package io.davylamp.core.access;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.query.Choice;
import io.davylamp.core.query.Chosen;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.profile.view.Parameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each service answers those who may not see a service, and those who may only look. */
final class ScopesTest {
    private final CoreRig rig = new CoreRig();
    private final Task task = rig.create("shop-1");
    private final Principal looker = person("viewer shop");
    private final Principal stranger = person("admin other");
    private final Chosen chosen = new Chosen(rig.store, (who, id) -> Optional.empty(), rig.query);

    private static Principal person(String grant) {
        return new Principal(Principal.Kind.PERSON, "user:" + grant, grant, List.of(Grant.of(grant)));
    }

    private static Choice choice(String name, String value) {
        return Choice.of("", new Parameters(Map.of(name, List.of(value))));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aServiceOutOfScopeIsInNoList() {
        rig.instances.hello(ANYONE, "other", "other-1", Map.of(), Unable.NO, "life");

        assertThat(rig.instances.services(stranger))
                .extracting(Instances.Service::name)
                .containsExactly("other");
        assertThat(rig.instances.services(looker))
                .extracting(Instances.Service::name)
                .containsExactly("shop");
        assertThat(rig.instances.ofService(stranger, "shop")).isEmpty();
        assertThat(rig.instances.find(stranger, "shop", "shop-1")).isEmpty();
        assertThat(rig.tasks.newest(stranger, null, 10)).isEmpty();
        assertThat(rig.tasks.newest(stranger, "shop", 10)).isEmpty();
        assertThat(rig.tasks.live(stranger, null, 10)).isEmpty();
        assertThat(rig.tasks.newest(looker, null, 10)).extracting(Task::id).containsExactly(task.id());
        assertThat(rig.tasks.live(looker, null, 10)).extracting(Task::id).containsExactly(task.id());
    }

    @Test
    void tasksOfOthersDoNotUseUpTheLimit() {
        rig.instances.hello(ANYONE, "other", "other-1", Map.of(), Unable.NO, "life");
        for (int i = 0; i < 3; i++) {
            Task other =
                    ((io.davylamp.core.dispatch.Tasks.Created) rig.tasks.create(ANYONE, of("other", "other-1"))).task();
            rig.tasks.cancel(ANYONE, other.id());
        }

        assertThat(rig.tasks.newest(looker, null, 1)).extracting(Task::id).containsExactly(task.id());
    }

    private static TaskSpec of(String service, String instance) {
        return TaskSpec.asked(
                service, List.of(instance), Duration.ofSeconds(10), Set.of(ProfilerEvent.CPU), new TreeMap<>(), null);
    }

    @Test
    void aTaskOutOfScopeIsAsUnknownAsOneThatNeverWas() {
        String assignment = rig.now(task).id();

        assertThat(rig.tasks.find(stranger, task.id())).isEmpty();
        assertThat(rig.tasks.part(stranger, task.id(), assignment)).isEmpty();
        assertThat(rig.tasks.download(stranger, task.id(), assignment)).isEmpty();
        assertThat(rig.tasks.history(stranger, task.id(), assignment)).isEmpty();
        assertThat(rig.tasks.cancel(stranger, task.id())).isEmpty();
        assertThat(rig.tasks.stop(stranger, task.id())).isEmpty();
        assertThat(rig.retention.deleteTask(stranger, task.id())).isEqualTo(Retention.Deletion.UNKNOWN);
        assertThat(rig.indexer.readAgain(stranger, assignment)).isEmpty();
        assertThat(rig.tasks.find(ANYONE, task.id()).orElseThrow().isLive()).isTrue();
    }

    @Test
    void aTaskForAServiceOutOfScopeIsRefusedLikeOneForNoService() {
        String unknown = "no instance of service \"%s\" was ever seen";
        assertThatThrownBy(() -> rig.tasks.create(stranger, CoreRig.spec("shop-2")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage(unknown.formatted("shop"));
        assertThatThrownBy(() -> rig.tasks.check(stranger, CoreRig.spec("shop-2")))
                .hasMessage(unknown.formatted("shop"));
        assertThatThrownBy(() -> rig.tasks.create(ANYONE, of("nobody", "x"))).hasMessage(unknown.formatted("nobody"));
    }

    @Test
    void aViewerLooksAndChangesNothing() {
        String assignment = rig.now(task).id();

        assertThat(rig.tasks.find(looker, task.id())).isPresent();
        assertThat(rig.tasks.history(looker, task.id(), assignment)).isNotEmpty();
        assertThatThrownBy(() -> rig.tasks.create(looker, CoreRig.spec("shop-2")))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.tasks.check(looker, CoreRig.spec("shop-2")))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.tasks.cancel(looker, task.id())).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.tasks.stop(looker, task.id())).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.tasks.download(looker, task.id(), assignment))
                .isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.retention.deleteTask(looker, task.id())).isInstanceOf(DeniedException.class);
        assertThatThrownBy(() -> rig.instances.trust(looker, rig.one.id())).isInstanceOf(DeniedException.class);
        assertThat(rig.tasks.newest(ANYONE, null, 10)).hasSize(1);
        assertThat(rig.tasks.find(ANYONE, task.id()).orElseThrow().isLive()).isTrue();
    }

    @Test
    void aViewOfProfilesOutOfScopeIsAnsweredLikeOneOfUnknownOnes() {
        assertThatThrownBy(() -> chosen.of(stranger, choice("task", task.id()), ""))
                .isInstanceOf(ProfileQuery.NoAnswerException.class)
                .hasMessage("there is no task \"" + task.id() + "\"");
        assertThatThrownBy(() -> chosen.of(stranger, choice("service", "shop"), ""))
                .hasMessage("service \"shop\" has no task created in that time");
        assertThatThrownBy(() -> chosen.of(looker, choice("service", "shop"), ""))
                .hasMessageContaining("shop-1");
    }

    @Test
    void whoMayNoLongerLookSeesATaskVanishWhileHeLooks() {
        AtomicReference<Principal> now = new AtomicReference<>(looker);
        WatchedTasks watched = new WatchedTasks(rig.store, rig.tasks);
        try (WatchedTasks.Watch watch = watched.watch(now::get, task.id());
                WatchedTasks.Watch other = watched.watch(() -> stranger, task.id())) {
            assertThat(watch.task()).isPresent();
            assertThat(other.task()).isEmpty();

            now.set(stranger);
            assertThat(watch.task()).isEmpty();
        }
    }

    @Test
    void anAgentsTokenIsOfNoUseForAnotherService() {
        Principal agent = new Principal(Principal.Kind.AGENT, "token:1", "stolen", List.of(Grant.of("viewer other")));

        assertThatThrownBy(() -> rig.instances.hello(agent, "shop", "shop-1", Map.of(), Unable.NO, "life-9"))
                .isInstanceOf(InvalidInstanceException.class)
                .hasMessageContaining("not for service \"shop\"");
        assertThat(rig.ingest.open(agent, "shop", "shop-1", rig.now(task).id(), 10))
                .isInstanceOfSatisfying(
                        Ingest.Refused.class,
                        refused -> assertThat(refused.reason()).contains("not for service shop"));
        assertThat(rig.instances.find("shop", "shop-1").orElseThrow().life()).isEqualTo("life-1");
    }
}
