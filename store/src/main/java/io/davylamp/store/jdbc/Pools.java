package io.davylamp.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;

/** Counts the connections of pools. */
final class Pools {
    private Pools() {}

    static Dialect.Connections connections(HikariDataSource... pools) {
        int all = 0;
        int used = 0;
        int waiting = 0;
        for (HikariDataSource pool : pools) {
            HikariPoolMXBean now = pool.getHikariPoolMXBean();
            if (now != null) { // null before the first connection
                all += now.getTotalConnections();
                used += now.getActiveConnections();
                waiting += now.getThreadsAwaitingConnection();
            }
        }
        return new Dialect.Connections(all, used, waiting);
    }
}
