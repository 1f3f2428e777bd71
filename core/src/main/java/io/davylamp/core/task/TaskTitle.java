package io.davylamp.core.task;

/** The rules for a title that a person gives a task. */
public final class TaskTitle {
    /** Longer ones fit no list. */
    public static final int MOST_CHARACTERS = 120;

    private TaskTitle() {}

    /**
     * Returns a title without blanks around it; an empty one leaves the task with the title that is made of what it measures.
     *
     * @throws InvalidTaskException if it is too long, or has characters that no line of text has
     */
    public static String requireAllowed(String asked) {
        if (asked == null) {
            throw new InvalidTaskException(
                    "title", "title is needed: a text; an empty one takes the title of the task away");
        }
        String title = asked.strip();
        int characters = title.codePointCount(0, title.length());
        if (characters > MOST_CHARACTERS) {
            throw new InvalidTaskException(
                    "title", "the title has " + characters + " characters; allowed are " + MOST_CHARACTERS);
        }
        for (int i = 0; i < title.length(); i += Character.charCount(title.codePointAt(i))) {
            int character = title.codePointAt(i);
            if (isForeignToALine(character)) {
                throw new InvalidTaskException(
                        "title",
                        String.format(
                                "the title has the character U+%04X; control characters, line breaks and marks that"
                                        + " turn the direction of a text are not allowed",
                                character));
            }
        }
        return title;
    }

    /** What ends a line, is no character, or lets a text look like another. */
    private static boolean isForeignToALine(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
        };
    }
}
