package io.davylamp.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Small lists and maps in one text column: entries end with a line feed, which is written as {@code \n} inside them, and the
 * character 0, which PostgreSQL does not take, as {@code \0}.
 */
final class Texts {
    private Texts() {}

    static String of(List<String> texts) {
        StringBuilder out = new StringBuilder();
        for (String text : texts) {
            out.append(text.replace("\\", "\\\\").replace("\n", "\\n").replace("\0", "\\0"))
                    .append('\n');
        }
        return out.toString();
    }

    static List<String> list(String column) {
        List<String> texts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < column.length(); i++) {
            char c = column.charAt(i);
            if (c == '\n') {
                texts.add(text.toString());
                text.setLength(0);
            } else if (c == '\\' && i + 1 < column.length()) {
                char escaped = column.charAt(++i);
                text.append(escaped == 'n' ? '\n' : escaped == '0' ? '\0' : escaped);
            } else {
                text.append(c);
            }
        }
        return texts;
    }

    static String of(Map<String, String> map) {
        List<String> texts = new ArrayList<>();
        map.forEach((key, value) -> {
            texts.add(key);
            texts.add(value);
        });
        return of(texts);
    }

    static SortedMap<String, String> map(String column) {
        SortedMap<String, String> map = new TreeMap<>();
        List<String> texts = list(column);
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            map.put(texts.get(i), texts.get(i + 1));
        }
        return map;
    }
}
