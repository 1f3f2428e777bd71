package io.davylamp.jfr;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** From pool key to row: open addressing, never shrinks, no removal. Row -1 means absent. Not thread-safe. */
final class LongIntMap {
    // Drawn anew for each map, so that no file can hold keys that all fall into one slot.
    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    private long[] keys = new long[64];
    private int[] rows = filled(64);
    private int size;

    private static int[] filled(int n) {
        int[] rows = new int[n];
        Arrays.fill(rows, -1);
        return rows;
    }

    int size() {
        return size;
    }

    int get(long key) {
        int mask = rows.length - 1;
        for (int i = slot(key, mask); rows[i] >= 0; i = i + 1 & mask) {
            if (keys[i] == key) {
                return rows[i];
            }
        }
        return -1;
    }

    /** Puts {@code row} if {@code key} is absent; returns whether it was. */
    boolean putIfAbsent(long key, int row) {
        int mask = rows.length - 1;
        int i = slot(key, mask);
        for (; rows[i] >= 0; i = i + 1 & mask) {
            if (keys[i] == key) {
                return false;
            }
        }
        keys[i] = key;
        rows[i] = row;
        if (++size * 2 > rows.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRows = rows;
        keys = new long[oldKeys.length * 2];
        rows = filled(oldRows.length * 2);
        int mask = rows.length - 1;
        for (int j = 0; j < oldRows.length; j++) {
            if (oldRows[j] >= 0) {
                int i = slot(oldKeys[j], mask);
                while (rows[i] >= 0) {
                    i = i + 1 & mask;
                }
                keys[i] = oldKeys[j];
                rows[i] = oldRows[j];
            }
        }
    }

    private int slot(long key, int mask) {
        long h = key * spread;
        return (int) (h >>> 32) & mask;
    }
}
