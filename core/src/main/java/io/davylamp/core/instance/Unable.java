package io.davylamp.core.instance;

/**
 * The reason why an instance cannot be profiled.
 *
 * @param code one word of docs/reference/protocol.md, for programs; empty where the agent has no word for it
 * @param reason the agent's own sentence, for people; empty when the instance can be profiled
 */
public record Unable(String code, String reason) {
    /** The value for an instance that can be profiled. */
    public static final Unable NO = new Unable("", "");

    private static final String DEATHS = "deaths";

    /** Whether it ends when the agent is told to profile again. Agents of before sent no code. */
    public boolean mayEndByTrust() {
        return !isEmpty() && (code.isEmpty() || code.equals(DEATHS));
    }

    public boolean isEmpty() {
        return reason.isEmpty();
    }
}
