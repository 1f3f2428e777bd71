package io.davylamp.cli;

import java.util.List;

/**
 * Where the command prints to. The launcher looks, because Java cannot tell a terminal from a file for each stream: it sets {@code
 * davy.out} and {@code davy.err} to {@code terminal}, and {@code davy.size} to what {@code stty size} says.
 */
final class Terminal {
    /** Width of help where nothing says how wide the terminal is. */
    private static final int DEFAULT_COLUMNS = 80;

    private static final int DEFAULT_ROWS = 24;
    private static final int LEAST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 500;

    private Terminal() {}

    /** Whether people see standard output as it is printed. */
    static boolean isOut() {
        return is("davy.out");
    }

    /** Whether a line on standard error can be drawn again. */
    static boolean isErr() {
        return is("davy.err");
    }

    private static boolean is(String property) {
        return "terminal".equals(System.getProperty(property))
                && !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb"));
    }

    /** Columns that a line may have: of the environment's COLUMNS, else of the terminal; 80 where neither is known. */
    static int columns() {
        int asked = number(System.getenv("COLUMNS"));
        int found = asked > 0 ? asked : size(1);
        return found > 0 ? Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, found)) : DEFAULT_COLUMNS;
    }

    /** Whether tables have to fit {@link #columns()}: on a terminal, or when COLUMNS says so. A file or a pipe gets everything. */
    static boolean isNarrow() {
        return isOut() || number(System.getenv("COLUMNS")) > 0;
    }

    static int rows() {
        return size(0) > 0 ? size(0) : DEFAULT_ROWS;
    }

    /** Prints a message on standard error; on a terminal its lines end between words, and go on with two blanks. */
    static void say(String message) {
        if (!isErr()) {
            System.err.println(message);
            return;
        }
        message.lines().forEach(line -> {
            String head = line.substring(0, line.length() - line.stripLeading().length());
            String next = head + "  ";
            for (String part : Text.wrap(line.stripLeading(), columns() - next.length())) {
                System.err.println(head + part);
                head = next;
            }
        });
    }

    /** Prints a sentence on standard output; where tables have to fit, it does too. */
    static void print(String sentence) {
        String head = "";
        for (String part : isNarrow() ? Text.wrap(sentence, columns() - 2) : List.of(sentence)) {
            System.out.println(head + part);
            head = "  ";
        }
    }

    private static int size(int index) {
        String[] size = System.getProperty("davy.size", "").trim().split(" ");
        return size.length == 2 ? number(size[index]) : 0;
    }

    private static int number(String text) {
        return text != null && text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : 0;
    }
}
