package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of a tree as formats with tables want them: strings, functions, and locations that are a function at a line. Number 0 of
 * strings is the empty text.
 */
final class Symbols {
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<Integer, Integer> functionOfString = new LinkedHashMap<>();
    private final List<int[]> locations = new ArrayList<>();
    /** By name of the tree: its location. */
    private final int[] locationOfName;

    Symbols(FrameTree tree) {
        string("");
        locationOfName = new int[tree.names().length];
        for (int i = 0; i < locationOfName.length; i++) {
            String name = tree.names()[i];
            // At the detail "line" a name ends in its line.
            int colon = name.lastIndexOf(':');
            int line = 0;
            if (colon > 0 && colon + 1 < name.length() && name.length() - colon <= 8) {
                line = digits(name, colon + 1);
                name = line > 0 ? name.substring(0, colon) : name;
            }
            int text = string(name);
            Integer function = functionOfString.putIfAbsent(text, functionOfString.size());
            locationOfName[i] = locations.size();
            locations.add(new int[] {function == null ? functionOfString.size() - 1 : function, line});
        }
    }

    private static int digits(String text, int from) {
        int number = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    int string(String text) {
        Integer known = strings.putIfAbsent(text, strings.size());
        return known == null ? strings.size() - 1 : known;
    }

    /** In the order of their numbers. */
    Iterable<String> strings() {
        return strings.keySet();
    }

    /** Names of functions as numbers of strings, in the order of the functions' numbers. */
    Iterable<Integer> functions() {
        return functionOfString.keySet();
    }

    /** Function and line of each location. */
    List<int[]> locations() {
        return locations;
    }

    int locationOfName(int name) {
        return locationOfName[name];
    }
}
