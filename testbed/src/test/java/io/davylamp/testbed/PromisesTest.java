package io.davylamp.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each promise, kept and broken. */
class PromisesTest {
    private static Promises.Found found(String state, String reason) {
        return new Promises.Found("t1", "a1", "shop", "shop-1", state, reason, false, "h", "h", 3);
    }

    private static List<String> acknowledged(Promises.Found found, String hash, Set<String> cancelled) {
        return Promises.acknowledgedIsThere(
                List.of(new Promises.Acknowledged("a1", "shop-1", Set.of(hash))), List.of(found), Set.of(), cancelled);
    }

    @Test
    void aRecordingThatWasAcknowledgedMustBeThereWithTheBytesThatWereSent() {
        assertThat(acknowledged(found("READY", ""), "h", Set.of())).isEmpty();

        assertThat(acknowledged(found("READY", ""), "another", Set.of())).hasSize(1);
        assertThat(acknowledged(found("FAILED", "lost"), "h", Set.of())).hasSize(1);
        assertThat(acknowledged(found("CANCELLED", ""), "h", Set.of())).hasSize(1);
        assertThat(Promises.acknowledgedIsThere(
                        List.of(new Promises.Acknowledged("a2", "shop-1", Set.of())),
                        List.of(found("READY", "")),
                        Set.of(),
                        Set.of()))
                .hasSize(1);
    }

    @Test
    void whatPeopleCancelledOrDeletedNeedNotBeThere() {
        assertThat(acknowledged(found("CANCELLED", ""), "h", Set.of("t1"))).isEmpty();
        assertThat(Promises.acknowledgedIsThere(
                        List.of(new Promises.Acknowledged("a2", "shop-1", Set.of())),
                        List.of(),
                        Set.of("a2"),
                        Set.of()))
                .isEmpty();
    }

    @Test
    void anAgentKnowsSomeTasksOnlyByTheTaskItself() {
        assertThat(Promises.acknowledgedIsThere(
                        List.of(new Promises.Acknowledged("t1", "shop-1", Set.of("h"))),
                        List.of(found("READY", "")),
                        Set.of(),
                        Set.of()))
                .isEmpty();
    }

    @Test
    void aRecordingIsRefusedForGoodOnlyWhenPeopleEndedItsTask() {
        List<Promises.Found> found = List.of(found("FAILED", "why"));

        assertThat(Promises.noneIsRefusedForGood(List.of("a1"), found, Set.of(), Set.of()))
                .hasSize(1);
        assertThat(Promises.noneIsRefusedForGood(List.of("a2"), found, Set.of(), Set.of()))
                .hasSize(1);
        assertThat(Promises.noneIsRefusedForGood(List.of("a1", "a2"), found, Set.of("a2"), Set.of("t1")))
                .isEmpty();
    }

    @Test
    void aRecordingHasTheHashOfItsRow() {
        assertThat(Promises.recordingsAreWhole(List.of(found("READY", "")))).isEmpty();

        assertThat(Promises.recordingsAreWhole(List.of(
                        new Promises.Found("t1", "a1", "shop", "shop-1", "READY", "", false, "h", "g", 3),
                        new Promises.Found("t1", "a1", "shop", "shop-1", "READY", "", false, "", "", 0))))
                .hasSize(2);
    }

    @Test
    void everyAssignmentEndsWithAReason() {
        assertThat(Promises.endsHaveReasons(List.of(
                        found("READY", ""), found("CANCELLED", ""), found("FAILED", "the profiler did not start"))))
                .isEmpty();

        for (Promises.Found each : List.of(
                found("RUNNING", ""),
                found("FAILED", " "),
                found("EXPIRED", "late"),
                found("UNREADABLE", "bad"),
                found("TOO_LARGE", "big"))) {
            assertThat(Promises.endsHaveReasons(List.of(each))).as(each.state()).hasSize(1);
        }
    }

    @Test
    void anExcuseIsForTheTimeThatRanOutOnlyAndNeedsAReason() {
        assertThat(Promises.endsHaveReasons(List.of(excused("EXPIRED", "never asked"))))
                .isEmpty();

        assertThat(Promises.endsHaveReasons(
                        List.of(excused("EXPIRED", ""), excused("UNREADABLE", "bad"), excused("RUNNING", ""))))
                .hasSize(3);
        assertThat(acknowledged(excused("EXPIRED", "late"), "h", Set.of())).hasSize(1);
    }

    private static Promises.Found excused(String state, String reason) {
        return new Promises.Found("t1", "a1", "shop", "shop-1", state, reason, true, "h", "h", 3);
    }

    @Test
    void whatWasReadyStaysReady() {
        assertThat(Promises.readyStaysReady(Set.of("a1"), List.of(found("READY", ""))))
                .isEmpty();
        assertThat(Promises.readyStaysReady(Set.of("a1"), List.of(found("FAILED", ""))))
                .hasSize(1);
    }

    @Test
    void noJvmRunsATaskTwice() {
        assertThat(Promises.nothingRanTwice(Map.of("shop-1", List.of("a1", "a2"), "shop-2", List.of("a1"))))
                .isEmpty();
        assertThat(Promises.nothingRanTwice(Map.of("shop-1", List.of("a1", "a2", "a1"))))
                .containsExactly("shop-1 ran a1 twice");
    }
}
