package io.davylamp.testbed;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What Davylamp promises, as checks of what was seen when all was over. Each returns what was broken, in words. */
final class Promises {
    private static final Set<String> ENDS =
            Set.of("READY", "UNREADABLE", "FAILED", "TOO_LARGE", "EXPIRED", "CANCELLED");
    /** Ends that nothing that was done to the servers may bring about. */
    private static final Set<String> LOSSES = Set.of("UNREADABLE", "TOO_LARGE", "EXPIRED");

    private Promises() {}

    /**
     * An assignment, when all is over.
     *
     * @param excused whether nothing else than EXPIRED could come of it, whatever the servers do
     * @param rowSha256 the recording's hash as the server tells it; empty when there is none
     * @param sha256 the hash of the bytes that the server gives out; empty when there are none
     */
    record Found(
            String task,
            String assignment,
            String service,
            String instance,
            String state,
            String reason,
            boolean excused,
            String rowSha256,
            String sha256,
            long bytes) {
        private String words() {
            return "assignment " + assignment + " (task " + task + ", " + instance + ")";
        }
    }

    /**
     * A recording that an agent was told to be stored.
     *
     * @param id of the assignment, or of the task where the agent knows no other
     * @param sha256 hashes of which the recording must have one; empty when the agent did not note it
     */
    record Acknowledged(String id, String instance, Set<String> sha256) {}

    /**
     * Every recording that was acknowledged is there, with its hash; except what people deleted or cancelled.
     *
     * @param deleted ids of tasks and assignments
     * @param cancelled ids of tasks
     */
    static List<String> acknowledgedIsThere(
            List<Acknowledged> acknowledged, List<Found> found, Set<String> deleted, Set<String> cancelled) {
        Map<String, Found> byId = new TreeMap<>();
        for (Found each : found) {
            byId.put(each.assignment(), each);
            byId.put(each.task(), each);
        }
        List<String> broken = new ArrayList<>();
        for (Acknowledged each : acknowledged) {
            Found now = byId.get(each.id());
            if (now == null) {
                if (!deleted.contains(each.id())) {
                    broken.add("the recording of " + each.id() + " (" + each.instance()
                            + ") was acknowledged, and nothing of it is there");
                }
            } else if (now.state().equals("READY")) {
                if (!each.sha256().isEmpty() && !each.sha256().contains(now.sha256())) {
                    broken.add("the recording of " + now.words() + " is another than its agent sent");
                }
            } else if (!now.state().equals("CANCELLED") || !cancelled.contains(now.task())) {
                broken.add("the recording of " + now.words() + " was acknowledged, and it is " + now.state() + ": "
                        + now.reason());
            }
        }
        return broken;
    }

    /**
     * No agent was told that its recording will never be taken, but for those of cancelled and deleted tasks.
     *
     * @param refused ids of assignments
     */
    static List<String> noneIsRefusedForGood(
            List<String> refused, List<Found> found, Set<String> deleted, Set<String> cancelled) {
        List<String> broken = new ArrayList<>();
        for (String id : refused) {
            Found now = found.stream()
                    .filter(each -> each.assignment().equals(id))
                    .findFirst()
                    .orElse(null);
            if (now == null ? !deleted.contains(id) : !cancelled.contains(now.task())) {
                broken.add("the recording of assignment " + id + " was refused for good"
                        + (now == null ? "" : ", and it is " + now.state() + ": " + now.reason()));
            }
        }
        return broken;
    }

    /** Every recording that the server has is what its row says. */
    static List<String> recordingsAreWhole(List<Found> found) {
        return found.stream()
                .filter(each -> each.state().equals("READY"))
                .filter(each -> each.sha256().isEmpty() || !each.sha256().equals(each.rowSha256()))
                .map(each -> "the recording of " + each.words() + " has " + each.bytes()
                        + " bytes with another hash than its row")
                .toList();
    }

    /** Every assignment came to an end that its JVM, people or an excuse brought about, and says why. */
    static List<String> endsHaveReasons(List<Found> found) {
        List<String> broken = new ArrayList<>();
        for (Found each : found) {
            if (!ENDS.contains(each.state())) {
                broken.add(each.words() + " is still " + each.state());
            } else if (LOSSES.contains(each.state()) && !(each.state().equals("EXPIRED") && each.excused())) {
                broken.add(each.words() + " is " + each.state() + ": " + each.reason());
            } else if (Set.of("FAILED", "EXPIRED").contains(each.state())
                    && each.reason().isBlank()) {
                broken.add(each.words() + " is " + each.state() + " without a reason");
            }
        }
        return broken;
    }

    /** What somebody saw READY stays READY. */
    static List<String> readyStaysReady(Set<String> seenReady, List<Found> found) {
        return found.stream()
                .filter(each ->
                        seenReady.contains(each.assignment()) && !each.state().equals("READY"))
                .map(each -> each.words() + " was READY and is " + each.state())
                .toList();
    }

    /**
     * No JVM started a task twice.
     *
     * @param started ids of tasks or assignments in the order of their starts, by instance
     */
    static List<String> nothingRanTwice(Map<String, List<String>> started) {
        List<String> broken = new ArrayList<>();
        started.forEach((instance, ids) -> {
            Set<String> seen = new HashSet<>();
            for (String id : ids) {
                if (!seen.add(id)) {
                    broken.add(instance + " ran " + id + " twice");
                }
            }
        });
        return broken;
    }
}
