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
 * @param listening whether changes of other servers are heard of at once; false where there are none
 * @param noticesSent notices of changes to other servers, each of one or several changes
 * @param changesHeard changes of other servers
 * @param changesDropped changes that other servers were not told of, because too many waited
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
        boolean listening,
        long noticesSent,
        long changesHeard,
        long changesDropped,
        Duration clockAhead) {}
