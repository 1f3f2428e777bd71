package io.davylamp.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Words and names as people read them. */
final class Text {
    private static final String CUT = "…";

    /** Largest number of suggestions in a message. */
    private static final int SUGGESTIONS = 3;

    private Text() {}

    /** {@code 1 instance}, {@code 2 instances}, {@code 1,024 samples}. */
    static String count(long number, String noun) {
        return grouped(number) + " " + plural(number, noun);
    }

    /** {@code 1,024}. */
    private static String grouped(long number) {
        StringBuilder text = new StringBuilder(Long.toString(number));
        for (int at = text.length() - 3; at > (number < 0 ? 1 : 0); at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }

    /** The noun that fits the number, for nouns whose plural is regular. */
    static String plural(long number, String noun) {
        return number == 1 ? noun : noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    /** The text's beginning, if it is longer than {@code columns}. */
    static String cut(String text, int columns) {
        return text.length() <= columns ? text : text.substring(0, Math.max(0, columns - 1)) + CUT;
    }

    /**
     * A name that fits: first packages become their initials from the left, as in {@code o.a.lucene.index.IndexWriter.add}; what is
     * still too long loses its beginning, because a method is told by its end.
     */
    static String shorten(String name, int columns) {
        if (name.length() <= columns) {
            return name;
        }
        StringBuilder head = new StringBuilder();
        String rest = name;
        while (head.length() + rest.length() > columns) {
            int dot = rest.indexOf('.');
            // Only a package is put down to its initial: its name begins small, and a class follows it.
            if (dot < 1 || rest.indexOf('.', dot + 1) < 0 || !Character.isLowerCase(rest.charAt(0))) {
                break;
            }
            head.append(rest.charAt(0)).append('.');
            rest = rest.substring(dot + 1);
        }
        String shortened = head + rest;
        return shortened.length() <= columns
                ? shortened
                : CUT + shortened.substring(shortened.length() - Math.max(0, columns - 1));
    }

    /** Lines of whole words, none longer than {@code columns} unless a word is. */
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Returns the names in {@code known} that may be meant, likeliest first: a prefix, or one or two typing errors. */
    static List<String> similar(String given, Collection<String> known) {
        String wanted = given.toLowerCase(Locale.ROOT);
        record Near(String name, int distance) {}
        return known.stream()
                .map(name -> {
                    String other = name.toLowerCase(Locale.ROOT);
                    boolean begins = wanted.length() > 2 && other.startsWith(wanted);
                    return new Near(name, begins ? 1 : distance(wanted, other));
                })
                .filter(near -> near.distance <= Math.max(1, Math.min(wanted.length(), near.name.length()) / 3))
                .sorted((a, b) -> Integer.compare(a.distance, b.distance))
                .limit(SUGGESTIONS)
                .map(Near::name)
                .toList();
    }

    /** {@code ; did you mean record?}, or nothing. */
    static String didYouMean(List<String> names) {
        return names.isEmpty() ? "" : "; did you mean " + String.join(" or ", names) + "?";
    }

    /** Insertions, deletions, changes, and swaps of neighbours that make one of the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
