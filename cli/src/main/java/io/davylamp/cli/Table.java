package io.davylamp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Rows in aligned columns. On a terminal no line is longer than the terminal is wide: columns that can be spared go first, then the
 * last one is shortened, if it has names, or continued below itself, if it has sentences. A pipe gets everything.
 */
final class Table {
    private static final int GAP = 2;

    /** Width that the last column needs; below it other columns are left out. */
    private static final int LAST_COLUMN = 30;

    private static final int LEAST_COLUMN = 10;

    private enum Kind {
        TEXT,
        NUMBER,
        METHOD
    }

    /** @param spare 0 if the column has to be there; else the lowest goes first */
    private record Column(String head, Kind kind, int spare) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();
    private int indent;

    /** Sets the number of blanks before each line. */
    Table indent(int blanks) {
        indent = blanks;
        return this;
    }

    Table text(String head) {
        return text(head, 0);
    }

    /** @param spare when the column may go on a narrow terminal: 1 first; 0 never */
    Table text(String head, int spare) {
        columns.add(new Column(head, Kind.TEXT, spare));
        return this;
    }

    Table number(String head) {
        return number(head, 0);
    }

    Table number(String head, int spare) {
        columns.add(new Column(head, Kind.NUMBER, spare));
        return this;
    }

    /** Names of methods, classes or threads; only the last column. */
    Table method(String head) {
        columns.add(new Column(head, Kind.METHOD, 0));
        return this;
    }

    Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(cells);
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print() {
        print(Terminal.isNarrow() ? Terminal.columns() : Integer.MAX_VALUE, System.out::println);
    }

    void print(int limit, Consumer<String> out) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            shown.add(i);
        }
        int[] width = new int[columns.size()];
        for (int i = 0; i < width.length; i++) {
            int widest = 0;
            for (String[] row : rows) {
                widest = Math.max(widest, row[i].length());
            }
            width[i] = Math.max(columns.get(i).head.length(), widest);
            if (widest == 0 && columns.get(i).spare > 0 && !rows.isEmpty()) {
                // A column without any cell says nothing.
                shown.remove((Integer) i);
            }
        }
        int last = shown.get(shown.size() - 1);
        while (fixed(shown, width) + Math.min(width[last], LAST_COLUMN) > limit) {
            // Those of one rank belong together.
            int rank = shown.stream()
                    .filter(i -> i != last)
                    .mapToInt(i -> columns.get(i).spare)
                    .filter(spare -> spare > 0)
                    .min()
                    .orElse(0);
            if (rank == 0) {
                break;
            }
            shown.removeIf(i -> i != last && columns.get(i).spare == rank);
        }
        int over = fixed(shown, width) + Math.min(width[last], LEAST_COLUMN * 2) - limit;
        Integer widest = null;
        for (int i : shown) {
            if (i != last && columns.get(i).kind == Kind.TEXT && (widest == null || width[i] > width[widest])) {
                widest = i;
            }
        }
        if (over > 0 && widest != null) {
            width[widest] = Math.max(LEAST_COLUMN, width[widest] - over);
        }
        int room = Math.max(LEAST_COLUMN, limit == Integer.MAX_VALUE ? limit : limit - fixed(shown, width));
        String[] heads = new String[columns.size()];
        boolean hasHead = false;
        for (int i = 0; i < heads.length; i++) {
            heads[i] = columns.get(i).head;
            hasHead |= !heads[i].isEmpty();
        }
        if (hasHead) {
            print(heads, shown, width, room, out);
        }
        for (String[] row : rows) {
            print(row, shown, width, room, out);
        }
    }

    /** Everything but the last column. */
    private int fixed(List<Integer> shown, int[] width) {
        int fixed = indent;
        for (int i : shown.subList(0, shown.size() - 1)) {
            fixed += width[i] + GAP;
        }
        return fixed;
    }

    private void print(String[] row, List<Integer> shown, int[] width, int room, Consumer<String> out) {
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        for (int i : shown.subList(0, shown.size() - 1)) {
            String cell = Text.cut(row[i], width[i]);
            String blanks = " ".repeat(width[i] - cell.length());
            line.append(columns.get(i).kind == Kind.NUMBER ? blanks + cell : cell + blanks)
                    .append(" ".repeat(GAP));
        }
        int last = shown.get(shown.size() - 1);
        String cell = Objects.requireNonNull(row[last]);
        if (cell.length() <= room) {
            boolean right = columns.get(last).kind == Kind.NUMBER;
            out.accept((line + (right ? " ".repeat(width[last] - cell.length()) : "") + cell).stripTrailing());
            return;
        }
        if (columns.get(last).kind == Kind.METHOD) {
            String name = cell.stripLeading();
            int depth = Math.min(cell.length() - name.length(), room / 2);
            out.accept(line + " ".repeat(depth) + Text.shorten(name, room - depth));
            return;
        }
        int begin = line.length();
        for (String part : Text.wrap(cell, room)) {
            out.accept((line + part).stripTrailing());
            line.setLength(0);
            line.append(" ".repeat(begin));
        }
    }
}
