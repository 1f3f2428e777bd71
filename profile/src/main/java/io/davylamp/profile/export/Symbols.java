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

    /** @param lines whether names end in lines */
    Symbols(FrameTree tree, boolean lines) {
        string("");
        locationOfName = new int[tree.names().length];
        for (int i = 0; i < locationOfName.length; i++) {
            String name = tree.names()[i];
            int colon = lines ? lineAt(name) : -1;
            int line = colon < 0 ? 0 : Integer.parseInt(name.substring(colon + 1));
            name = colon < 0 ? name : name.substring(0, colon);
            int text = string(name);
            Integer function = functionOfString.putIfAbsent(text, functionOfString.size());
            locationOfName[i] = locations.size();
            locations.add(new int[] {function == null ? functionOfString.size() - 1 : function, line});
        }
    }

    /** At the detail "line" a name ends in its line: where the colon before it stands, or -1. */
    static int lineAt(String name) {
        int at = name.length();
        while (at > 0 && name.charAt(at - 1) >= '0' && name.charAt(at - 1) <= '9') {
            at--;
        }
        boolean isLine = at > 1 && at < name.length() && name.length() - at <= 7 && name.charAt(at - 1) == ':';
        return isLine && name.charAt(at) != '0' ? at - 1 : -1;
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
