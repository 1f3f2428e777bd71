package io.davylamp.core;

/** Text of somebody else as messages repeat it: in quotes, and only its beginning. */
public final class Quoted {
    /** Enough to find the place where it was written. */
    public static final int CHARACTERS = 100;

    private Quoted() {}

    /** {@code "text"}; of a long one, its beginning and how long it is. */
    public static String of(String text) {
        if (text.length() <= CHARACTERS) {
            return '"' + text + '"';
        }
        // Never half of a pair: the rest of such a message would be lost where it is encoded.
        int end = Character.isHighSurrogate(text.charAt(CHARACTERS - 1)) ? CHARACTERS - 1 : CHARACTERS;
        return '"' + text.substring(0, end) + "…\" (" + text.length() + " characters)";
    }
}
