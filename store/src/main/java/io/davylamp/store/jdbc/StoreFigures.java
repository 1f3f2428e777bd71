package io.davylamp.store.jdbc;

import java.time.Duration;

/**
 * What a store did since the process started, and its connections now.
 *
 * @param statements SQL statements that were run, without the beginnings and ends of transactions
 * @param inStatements time that threads spent in them
 * @param failedStatements those that the database refused
 * @param repeated transactions that were run again because another one was in the way
 * @param connections to the database
 * @param used connections in use
 * @param waiting threads that wait for a connection
 * @param clockAhead how far the database's clock is ahead of this machine's; negative when it is behind
 */
public record StoreFigures(
        long statements,
        Duration inStatements,
        long failedStatements,
        long repeated,
        int connections,
        int used,
        int waiting,
        Duration clockAhead) {}
