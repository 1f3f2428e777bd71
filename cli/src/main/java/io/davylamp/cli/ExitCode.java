package io.davylamp.cli;

/** What the exit code says; docs/reference/cli.md has the same list. */
final class ExitCode {
    static final int OK = 0;
    /** It was tried and failed: a task that no instance finished, an unreadable file, an error of the server. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** The server cannot be reached. */
    static final int UNREACHABLE = 3;
    /** There is no such task, service, measure or file. */
    static final int NOT_FOUND = 4;
    /** The server refused the request: what was asked for is not allowed, or in the way of another task. */
    static final int REFUSED = 5;

    private ExitCode() {}
}
