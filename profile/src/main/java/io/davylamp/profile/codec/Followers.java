package io.davylamp.profile.codec;

import java.util.Arrays;

/**
 * The frames that followed each frame in the nodes so far, the last one first: few follow one frame, so that a rank among these takes
 * less room than a frame's number. Writer and reader keep the same lists. Not thread-safe.
 */
final class Followers {
    /** Codes of frames: 0 is the first of the list, {@link #FIRST_RANK} the second. */
    static final int NEW = 1;

    static final int BY_NUMBER = 2;
    static final int FIRST_RANK = 3;
    /** Codes are below; later frames of a list have no rank, so that no list makes a node expensive. */
    static final int CODES = 64;

    /** By the caller's frame, plus one: its first entry; 0 for none. */
    private final int[] first;

    private int[] frame = new int[1 << 12];
    private int[] next = new int[1 << 12];
    private int entries = 1;

    Followers(int frames) {
        first = new int[frames + 1];
    }

    /** Puts a frame before all others that followed {@code caller}, which is -1 for the root. */
    void add(int caller, int follower) {
        if (entries == frame.length) {
            frame = Arrays.copyOf(frame, entries * 2);
            next = Arrays.copyOf(next, entries * 2);
        }
        frame[entries] = follower;
        next[entries] = first[caller + 1];
        first[caller + 1] = entries++;
    }

    /** Returns the code of a frame that occurred already, and makes it the first. */
    int code(int caller, int follower) {
        int before = 0;
        int entry = first[caller + 1];
        for (int code = FIRST_RANK - 1; code < CODES && entry != 0; code++) {
            if (frame[entry] == follower) {
                toFront(caller, before, entry);
                return before == 0 ? 0 : code;
            }
            before = entry;
            entry = next[entry];
        }
        add(caller, follower);
        return BY_NUMBER;
    }

    /** Returns the frame of a code that is a rank, and makes it the first; -1 if the list is shorter. */
    int frame(int caller, int code) {
        int before = 0;
        int entry = first[caller + 1];
        if (code == 0) {
            return entry == 0 ? -1 : frame[entry];
        }
        for (int left = code - FIRST_RANK + 1; left > 0 && entry != 0; left--) {
            before = entry;
            entry = next[entry];
        }
        if (entry == 0) {
            return -1;
        }
        toFront(caller, before, entry);
        return frame[entry];
    }

    private void toFront(int caller, int before, int entry) {
        if (before != 0) {
            next[before] = next[entry];
            next[entry] = first[caller + 1];
            first[caller + 1] = entry;
        }
    }
}
