package io.davylamp.agent.host;

/** The reason why this JVM cannot be profiled: a code for programs, a sentence for people. A value. */
public final class Unable {
    public static final Unable NO = new Unable("", "");

    /** The codes, as docs/reference/protocol.md lists them. */
    public static final String SETTINGS = "settings";

    public static final String FOLDER = "folder";
    public static final String PLATFORM = "platform";
    public static final String LIBRARY = "library";
    public static final String HOST = "host";
    public static final String DEATHS = "deaths";
    public static final String OFF = "off";

    public final String code;
    public final String reason;

    private Unable(String code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** @param reason the sentence; when it is empty there is no reason, and the answer is {@link #NO} */
    public static Unable because(String code, String reason) {
        return reason.isEmpty() ? NO : new Unable(code, reason);
    }

    public boolean isEmpty() {
        return reason.isEmpty();
    }

    /** This reason, or the next where there is none. */
    public Unable or(Unable next) {
        return isEmpty() ? next : this;
    }
}
