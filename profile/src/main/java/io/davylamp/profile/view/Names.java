package io.davylamp.profile.view;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;

/** Distinct texts by number. Not thread-safe. */
final class Names {
    private final Object2IntOpenHashMap<String> index = new Object2IntOpenHashMap<>();
    private final List<String> texts = new ArrayList<>();

    Names() {
        index.defaultReturnValue(-1);
    }

    int of(String text) {
        int known = index.getInt(text);
        if (known < 0) {
            known = texts.size();
            index.put(text, known);
            texts.add(text);
        }
        return known;
    }

    String text(int number) {
        return texts.get(number);
    }

    int size() {
        return texts.size();
    }

    String[] toArray() {
        return texts.toArray(String[]::new);
    }
}
