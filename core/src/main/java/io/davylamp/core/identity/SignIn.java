package io.davylamp.core.identity;

import io.davylamp.core.access.Session;

/** Opens the session of somebody whose identity has been shown: with a password, or by an identity provider. */
public interface SignIn {
    /**
     * A session that was opened.
     *
     * @param secret for the cookie; nobody can find it out later
     */
    record Opened(String secret, Session session) {
        @Override
        public String toString() {
            return "Opened[" + session + "]";
        }
    }

    /**
     * Opens a session. The secret is always a new one, so a cookie that somebody planted before is of no use.
     *
     * @param address from which the person came, for the audit log
     */
    Opened open(Identity identity, String address);
}
