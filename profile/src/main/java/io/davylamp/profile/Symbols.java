package io.davylamp.profile;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.Arrays;

/** Distinct strings by number; number 0 is the empty string. Not thread-safe. */
final class Symbols {
    private final Object2IntOpenHashMap<String> index = new Object2IntOpenHashMap<>();
    private String[] texts = new String[256];

    Symbols() {
        index.defaultReturnValue(-1);
        of("");
    }

    int of(String text) {
        int known = index.getInt(text);
        if (known >= 0) {
            return known;
        }
        int next = index.size();
        index.put(text, next);
        if (next == texts.length) {
            texts = Arrays.copyOf(texts, next * 2);
        }
        texts[next] = text;
        return next;
    }

    String text(int symbol) {
        return texts[symbol];
    }

    int size() {
        return index.size();
    }

    /** Returns for each symbol its number in {@code others}; adds missing symbols to {@code others}. */
    int[] mapTo(Symbols others) {
        int[] map = new int[size()];
        for (int i = 0; i < map.length; i++) {
            map[i] = others.of(texts[i]);
        }
        return map;
    }

    String[] toArray() {
        return Arrays.copyOf(texts, index.size());
    }
}
