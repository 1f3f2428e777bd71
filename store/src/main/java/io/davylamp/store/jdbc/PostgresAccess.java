package io.davylamp.store.jdbc;

import java.time.Duration;

/**
 * How a database of a PostgreSQL server is reached.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with any parameters of the driver but a password
 * @param user name of the role
 * @param password of that role; empty for none
 * @param tls the driver's {@code sslmode}; empty for what the URL or the driver says
 * @param connections of this process to it, at the most; two or more
 * @param connectWithin time for a connection to be made
 * @param answerWithin time for a statement to be answered
 */
public record PostgresAccess(
        String url,
        String user,
        String password,
        String tls,
        int connections,
        Duration connectWithin,
        Duration answerWithin) {

    private static final Duration CONNECT = Duration.ofSeconds(4);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    static final int MIN_CONNECTIONS = 2;

    public PostgresAccess {
        if (connections < MIN_CONNECTIONS) {
            throw new IllegalArgumentException("connections: " + connections + " < " + MIN_CONNECTIONS);
        }
    }

    /** With the times that suit a network. */
    public PostgresAccess(String url, String user, String password, String tls, int connections) {
        this(url, user, password, tls, connections, CONNECT, ANSWER);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
