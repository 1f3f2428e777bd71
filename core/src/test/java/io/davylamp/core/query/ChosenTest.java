package io.davylamp.core.query;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.task.TaskRow;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Parameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChosenTest {
    private static final int MOST = 3;

    private final CoreRig rig = new CoreRig();
    private final Chosen chosen = new Chosen(rig.store, (who, id) -> Optional.empty(), rig.query, MOST);

    @AfterEach
    void close() {
        rig.close();
    }

    private void task(String id, long createdMillis) {
        rig.store.write(tx -> {
            tx.tasks().insert(new TaskRow(id, CoreRig.spec("shop-1"), createdMillis));
            return null;
        });
    }

    private static Choice choice(String... pairs) {
        Map<String, List<String>> values = Arrays.stream(pairs)
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.groupingBy(
                        pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList())));
        return Choice.of("", new Parameters(values));
    }

    /** No task here has a profile: that nothing is ready is said of tasks that were found. */
    private void requireFound(Choice choice) {
        assertThatThrownBy(() -> chosen.of(ANYONE, choice, ""))
                .isInstanceOf(ProfileQuery.NoAnswerException.class)
                .hasMessageStartingWith("no profile is ready");
    }

    @Test
    void findsOldTasksOfATimeHoweverManyNewerOnesThereAre() {
        task("old", 1_000);
        for (int i = 0; i < 10; i++) {
            task("new-" + i, 100_000 + i);
        }

        requireFound(choice("service=shop", "since=1970-01-01T00:00:00Z", "until=1970-01-01T00:00:10Z"));
    }

    @Test
    void refusesMoreTasksThanOneViewIsOf() {
        for (int i = 0; i <= MOST; i++) {
            task("t" + i, 1_000 + i);
        }

        assertThatThrownBy(() -> chosen.of(ANYONE, choice("service=shop"), "base-"))
                .isInstanceOf(InvalidQueryException.class)
                .hasMessage("service \"shop\" has more than 3 tasks in that time, which is all that one view is of;"
                        + " ask for less with base-since and base-until");
        requireFound(choice("service=shop", "until=1970-01-01T00:00:01.003Z"));
    }

    @Test
    void serviceAndTimeHoldForNamedTasksToo() {
        task("t1", 1_000);

        requireFound(choice("task=t1", "service=shop"));
        assertThatThrownBy(() -> chosen.of(ANYONE, choice("task=t1", "service=other"), ""))
                .isInstanceOf(ProfileQuery.NoAnswerException.class)
                .hasMessage("none of the tasks t1 is of service \"other\" and was created in that time");
        assertThatThrownBy(() -> chosen.of(ANYONE, choice("task=t1", "since=1970-01-01T00:00:02Z"), ""))
                .isInstanceOf(ProfileQuery.NoAnswerException.class)
                .hasMessage("none of the tasks t1 was created in that time");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> chosen.of(ANYONE, choice("task=gone"), "")).hasMessage("there is no task \"gone\"");
        assertThatThrownBy(() -> chosen.of(ANYONE, choice("file=gone"), ""))
                .hasMessage("the file \"gone\" is not open any more; open it again");
        assertThatThrownBy(() -> chosen.of(ANYONE, choice("service=none"), ""))
                .hasMessage("service \"none\" has no task created in that time");
        assertThatThrownBy(() -> choice("since=yesterday"))
                .hasMessage("since \"yesterday\" is no time such as 2026-11-23T12:00:00Z");
    }
}
