package io.davylamp.core.access;

/**
 * Names services: text in which each {@code *} stands for any characters, such as {@code checkout-*}. Immutable.
 *
 * @param text at most {@value #MAX_CHARACTERS} characters, without commas and control characters, which separate patterns elsewhere
 */
public record ServicePattern(String text) {
    public static final int MAX_CHARACTERS = 200;
    /** Names every service. */
    public static final ServicePattern ALL = new ServicePattern("*");

    /** @throws InvalidAccessException if the text is no pattern */
    public ServicePattern {
        if (text.isBlank() || !text.equals(text.strip())) {
            throw new InvalidAccessException("the pattern \"" + text + "\" is blank or has spaces around it;"
                    + " a pattern is the name of a service, in which * stands for any characters");
        }
        if (text.length() > MAX_CHARACTERS) {
            throw new InvalidAccessException(
                    "a pattern of services has " + text.length() + " characters; " + MAX_CHARACTERS + " are allowed");
        }
        if (text.chars().anyMatch(c -> c == ',' || Character.isISOControl(c))) {
            throw new InvalidAccessException(
                    "the pattern of services holds a comma or a control character;" + " write * in its place");
        }
    }

    public boolean isAll() {
        return text.chars().allMatch(c -> c == '*');
    }

    /** Whether it names {@code service}; upper and lower case differ. */
    public boolean matches(String service) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        // Going back to the last star only is enough, so the time is at most the product of the lengths.
        while (in < service.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                retry = in;
            } else if (at < text.length() && text.charAt(at) == service.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++retry;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }

    @Override
    public String toString() {
        return text;
    }
}
