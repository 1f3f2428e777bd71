package io.davylamp.profile.view;

import java.util.Arrays;
import java.util.List;

/**
 * One or more patterns joined by commas, of which any may match a whole name; {@code *} stands for any characters, {@code ?} for
 * one. Matching takes time in proportion to name times pattern at worst, whatever they are. Immutable.
 */
public final class NamePattern {
    private static final int MAX_CHARACTERS = 4_096;

    private final String text;
    private final List<String> globs;

    private NamePattern(String text) {
        this.text = text;
        this.globs =
                Arrays.stream(text.split(",")).filter(glob -> !glob.isEmpty()).toList();
    }

    /** @throws InvalidQueryException if {@code text} is empty or longer than 4,096 characters */
    public static NamePattern of(String parameter, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new InvalidQueryException(
                    parameter, parameter + " has " + text.length() + " characters; " + MAX_CHARACTERS + " are allowed");
        }
        NamePattern pattern = new NamePattern(text);
        if (pattern.globs.isEmpty()) {
            throw new InvalidQueryException(
                    parameter, parameter + " \"" + text + "\" is empty: a pattern such as java.util.* is wanted");
        }
        return pattern;
    }

    public boolean matches(String name) {
        for (String glob : globs) {
            if (matches(glob, name)) {
                return true;
            }
        }
        return false;
    }

    /** Greedy with one point of return: a later star makes earlier ones final. */
    private static boolean matches(String glob, String name) {
        int g = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            char c = g < glob.length() ? glob.charAt(g) : 0;
            if (c == '*' && g < glob.length()) {
                star = g++;
                resume = n;
            } else if (g < glob.length() && (c == '?' || c == name.charAt(n))) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePattern pattern && pattern.globs.equals(globs);
    }

    @Override
    public int hashCode() {
        return globs.hashCode();
    }
}
