package io.davylamp.profile.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The groups that a view can put above the stacks, or draw a row for. */
public enum Group {
    /** The thread's name. */
    THREAD,
    /** The thread's name with its numbers folded: {@code http-nio-8080-exec-*}. */
    THREADS,
    STATE,
    INSTANCE;

    private static final Pattern TRAILING_NUMBERS = Pattern.compile("\\d+(?=\\D{0,2}$)");

    /** @throws InvalidQueryException if a word is unknown */
    static List<Group> listOf(String parameter, String text) {
        List<Group> groups = new ArrayList<>();
        if (text != null) {
            for (String word : text.split(",")) {
                groups.add(of(parameter, word));
            }
        }
        return List.copyOf(groups);
    }

    static Group of(String parameter, String word) {
        for (Group group : values()) {
            if (group.name().toLowerCase(Locale.ROOT).equals(word)) {
                return group;
            }
        }
        throw new InvalidQueryException(
                parameter, parameter + " \"" + word + "\" is unknown; known are thread, threads, state, instance");
    }

    /** The name of a thread's group: the number at its end becomes a star. */
    static String folded(String thread) {
        return TRAILING_NUMBERS.matcher(thread).replaceFirst("*");
    }

    String text(String thread, String state, String instance) {
        return switch (this) {
            case THREAD -> thread.isEmpty() ? "(no thread)" : thread;
            case THREADS -> thread.isEmpty() ? "(no thread)" : folded(thread);
            case STATE -> state.isEmpty() ? "(no state)" : ProfileFilter.stateWord(state);
            case INSTANCE -> instance;
        };
    }
}
