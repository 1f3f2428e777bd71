package io.davylamp.core.server;

import io.davylamp.core.Ids;
import java.util.regex.Pattern;

/**
 * The name of one run of one server. Every start makes a new one, so a lease that names it belongs to nobody after a crash, also
 * when the same machine starts the server again.
 *
 * @param text safe in paths and URLs; {@link #NONE} has none
 */
public record ServerId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-z]{0,32}");

    /** No server: of a lease that nobody holds. */
    public static final ServerId NONE = new ServerId("");

    public ServerId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("no server's id: " + text.length() + " characters");
        }
    }

    /** Makes the id of a server that starts now. */
    public static ServerId starting(Ids ids, long nowMillis) {
        return new ServerId(ids.next(nowMillis));
    }

    public boolean isNone() {
        return text.isEmpty();
    }

    /** Returns the id as rows and logs show it. */
    @Override
    public String toString() {
        return text;
    }
}
