package io.davylamp.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command line that needs no parser: files that are there, and short options of a fixed list with a value each. Whatever else it is,
 * also a mistake, is picocli's to understand and to explain.
 */
final class PlainArguments {
    private static final Set<String> OPTIONS = Set.of("-n", "-o");

    private final List<String> files = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private boolean plain = true;

    /** @param arguments with the name of the command first */
    PlainArguments(String[] arguments) {
        for (int i = 1; i < arguments.length && plain; i++) {
            if (OPTIONS.contains(arguments[i]) && i + 1 < arguments.length) {
                // An option that is given twice is picocli's to refuse.
                plain = options.put(arguments[i], arguments[i + 1]) == null && isPlain(arguments[++i]);
            } else if (isPlain(arguments[i]) && LocalFile.is(arguments[i])) {
                files.add(arguments[i]);
            } else {
                plain = false;
            }
        }
    }

    private static boolean isPlain(String argument) {
        return !argument.isEmpty()
                && argument.charAt(0) != '-'
                && argument.charAt(0) != '@'
                && argument.indexOf('"') < 0
                && argument.indexOf('\'') < 0;
    }

    /** Whether there are files, and besides only options of these names. */
    boolean areOnly(String... names) {
        return plain && !files.isEmpty() && Set.of(names).containsAll(options.keySet());
    }

    List<String> files() {
        return files;
    }

    /** The value of an option; null when it is not given. */
    String text(String option) {
        return options.get(option);
    }

    /** The same as a number; -1 when it is none. */
    int number(String option, int otherwise) {
        String text = options.get(option);
        if (text == null) {
            return otherwise;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9' || i == MOST_DIGITS) {
                return -1;
            }
            number = 10 * number + digit - '0';
        }
        return number;
    }

    private static final int MOST_DIGITS = 9;
}
