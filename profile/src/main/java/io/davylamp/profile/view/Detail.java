package io.davylamp.profile.view;

import java.util.Locale;

/** The level of detail of a view: frames that are equal at this level are one frame. */
public enum Detail {
    LINE,
    METHOD,
    CLASS,
    PACKAGE;

    /** @throws InvalidQueryException if the word is unknown */
    public static Detail of(String word) {
        for (Detail detail : values()) {
            if (detail.name().toLowerCase(Locale.ROOT).equals(word)) {
                return detail;
            }
        }
        throw new InvalidQueryException(
                "detail", "detail \"" + word + "\" is unknown; known are line, method, class, package");
    }

    /** The text of a frame at this level, as people read it; {@code line} 0 when unknown, an empty class for code without one. */
    String text(String className, String method, int line) {
        switch (this) {
            case LINE:
                return line > 0 ? join(className, method) + ":" + line : join(className, method);
            case METHOD:
                return join(className, method);
            case CLASS:
                return className.isEmpty() ? method : className;
            default:
                int dot = className.lastIndexOf('.');
                return className.isEmpty() ? method : dot < 0 ? className : className.substring(0, dot);
        }
    }

    private static String join(String className, String method) {
        return className.isEmpty() ? method : method.isEmpty() ? className : className + "." + method;
    }
}
