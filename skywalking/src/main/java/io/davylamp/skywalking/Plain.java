package io.davylamp.skywalking;

import java.util.regex.Pattern;

/**
 * Texts that leave this door: short, without the names of classes that a stranger cannot know, and without blanks at their ends,
 * which strict clients do not take in a header.
 */
public final class Plain {
    private static final int CHARACTERS = 1_000;

    /** The form in which the GraphQL library shows a value: {@code with value 'StringValue{value='10'}'}. */
    private static final Pattern READ_VALUE = Pattern.compile(" with value '\\w+\\{.*}'", Pattern.DOTALL);

    private static final Pattern AST_TYPE = Pattern.compile("'(\\w+?)Value'");
    /** {@code java.lang.String}, {@code `StreamReadConstraints.getMaxNumberLength()`}, {@code GraphQLInputObjectType}. */
    private static final Pattern CLASS = Pattern.compile(
            "\\b(?:java|javax|graphql|com|org|io|one|sun|jdk)(?:\\.[a-z_]\\w*)+\\.([A-Z]\\w*)(?:\\$\\w+)*");

    private static final Pattern METHOD = Pattern.compile(",? from `[^`]*`");
    private static final Pattern GRAPHQL_TYPE = Pattern.compile("\\bGraphQL([A-Z][a-z]+)(?:[A-Z][a-z]+)*\\b");

    private Plain() {}

    public static String text(String said) {
        // The value may be as long as a question; what is said of it comes behind it.
        String text = cut(READ_VALUE.matcher(said).replaceFirst(""), 4 * CHARACTERS);
        text = AST_TYPE.matcher(text).replaceAll("'$1'").replace("an AST type of", "");
        text = METHOD.matcher(text).replaceAll("");
        text = CLASS.matcher(text).replaceAll("$1");
        text = GRAPHQL_TYPE.matcher(text).replaceAll("$1");
        return cut(text.strip(), CHARACTERS);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end).strip() + "…";
    }
}
