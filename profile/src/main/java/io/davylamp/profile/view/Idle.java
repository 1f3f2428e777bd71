package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The treatment of threads that only waited while a recording ran: those of a pool that has nothing to do, for example. */
public enum Idle {
    /** They count like all others. */
    KEEP,
    /** They are left out of {@code wall}; other measures have only what threads did. */
    HIDE;

    /** Words of states in which a thread waits of its own will; one that waits for a monitor wants to go on. */
    private static final List<String> WAITING = List.of(
            "sleeping", "parked", "parked_timed", "in_object_wait", "in_object_wait_timed", "waiting", "timed_waiting");

    /** The word used in REST and CLI. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidQueryException if the word is unknown */
    static Idle of(String word) {
        if (word == null) {
            return KEEP;
        }
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidQueryException(
                        "idle",
                        "idle \"" + word + "\" is unknown; known are "
                                + Arrays.stream(values()).map(Idle::word).collect(Collectors.joining(", "))));
    }

    /**
     * Finds the threads that waited in every sample of the whole recording, whatever part of it is asked for: a slice must not
     * hide what the whole shows.
     *
     * @return by thread; null where none did, or the measure does not say what threads do
     */
    static boolean[] threads(Profile profile, Measure measure, Samples samples) {
        if (!measure.name().equals(Measure.WALL.name())) {
            return null;
        }
        boolean[] waits = new boolean[Math.max(128, profile.states().length)];
        for (int s = 0; s < profile.states().length; s++) {
            waits[s] = WAITING.contains(ProfileFilter.stateWord(profile.states()[s]));
        }
        boolean[] seen = new boolean[profile.threads().size()];
        boolean[] ran = new boolean[seen.length];
        for (Samples.Block block : samples.blocks()) {
            for (int i = 0; i < block.size(); i++) {
                seen[block.thread(i)] = true;
                ran[block.thread(i)] |= !waits[block.state(i) & 0x7f];
            }
        }
        boolean any = false;
        for (int t = 0; t < seen.length; t++) {
            seen[t] &= !ran[t];
            any |= seen[t];
        }
        return any ? seen : null;
    }
}
