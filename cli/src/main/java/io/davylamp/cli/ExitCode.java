package io.davylamp.cli;

import java.util.List;

/**
 * The meaning of each exit code. {@link #TABLE} is the only list: help, man pages and docs/reference/cli.md repeat it, and a
 * test compares them.
 */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int NOT_FOUND = 4;
    static final int REFUSED = 5;
    /** 128 plus the number of SIGINT, as in every shell; the JVM itself ends with this code. */
    static final int INTERRUPTED = 130;

    /**
     * @param word a short form, for lists with little space
     * @param meaning the sentence in the reference
     */
    record Row(int code, String word, String meaning) {}

    static final List<Row> TABLE = List.of(
            new Row(OK, "done", "done; an empty answer is an answer"),
            new Row(
                    FAILED,
                    "failed",
                    "tried and failed: an instance that delivered no profile, an unreadable file, an error of the server"),
            new Row(USAGE, "wrong use", "the command line or a setting is wrong; nothing was done"),
            new Row(
                    UNREACHABLE,
                    "server unreachable",
                    "the server cannot be reached, or the address is not that of a Davylamp server"),
            new Row(NOT_FOUND, "not found", "no such service, instance, task, recording, measure, method or file"),
            new Row(
                    REFUSED,
                    "refused",
                    "the server refused: not allowed, above a limit, or in the way of another task"),
            new Row(INTERRUPTED, "interrupted", "interrupted with Ctrl-C"));

    private ExitCode() {}

    /**
     * Returns the exit code for an HTTP status.
     *
     * @param status 400 or above
     */
    static int of(int status) {
        return switch (status) {
            case 404, 410 -> NOT_FOUND;
            // Proxies answer these for a server that is down.
            case 502, 504 -> UNREACHABLE;
            default -> status < 500 ? REFUSED : FAILED;
        };
    }
}
