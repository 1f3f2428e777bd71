package io.davylamp.agent;

/** Why nothing can be profiled here: a code for programs, a sentence for people. A value. */
final class Unable {
    static final Unable NO = new Unable("", "");

    /** The codes, as docs/reference/protocol.md lists them. */
    static final String SETTINGS = "settings";

    static final String FOLDER = "folder";
    static final String PLATFORM = "platform";
    static final String LIBRARY = "library";
    static final String HOST = "host";
    static final String DEATHS = "deaths";
    static final String OFF = "off";

    final String code;
    final String reason;

    private Unable(String code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** @param reason the sentence; when it is empty there is no reason, and the answer is {@link #NO} */
    static Unable because(String code, String reason) {
        return reason.isEmpty() ? NO : new Unable(code, reason);
    }

    boolean isEmpty() {
        return reason.isEmpty();
    }

    /** This reason, or the next where there is none. */
    Unable or(Unable next) {
        return isEmpty() ? next : this;
    }
}
