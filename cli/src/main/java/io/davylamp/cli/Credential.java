package io.davylamp.cli;

import java.util.regex.Pattern;

/**
 * What shows to a server who calls: a token, or the session that {@code davy login} opened. It is never an argument of a command,
 * for others see those. Immutable.
 *
 * @param session whether the secret is a session's
 */
record Credential(boolean session, String secret) {
    /** The server's cookie. */
    static final String COOKIE = "davylamp_session";
    /** The environment variable that holds a token. */
    static final String VARIABLE = "DAVY_TOKEN";

    private static final Pattern POSSIBLE = Pattern.compile("[!-~&&[^;,\"]]{1,500}");

    /**
     * A secret from outside.
     *
     * @param where it was read, for the message: the secret itself must not show
     * @throws CommandException if it cannot be a secret, such as one with a line break
     */
    static Credential of(boolean session, String secret, String where) {
        if (!POSSIBLE.matcher(secret).matches()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    where + " holds something that is no token: a token has no blanks, line breaks, quotes, commas and"
                            + " semicolons, and at most 500 characters");
        }
        return new Credential(session, secret);
    }

    String header() {
        return session ? "Cookie" : "Authorization";
    }

    String value() {
        return session ? COOKIE + "=" + secret : "Bearer " + secret;
    }

    @Override
    public String toString() {
        return session ? "a session" : "a token";
    }
}
