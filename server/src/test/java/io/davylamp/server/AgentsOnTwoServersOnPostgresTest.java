package io.davylamp.server;

import io.davylamp.core.store.Store;
import io.davylamp.store.TestPostgres;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;

class AgentsOnTwoServersOnPostgresTest extends AgentsOnTwoServers {
    private PostgresAccess database;

    @Override
    protected Store handle() {
        if (database == null) {
            database = TestPostgres.newDatabase();
        }
        return JdbcStore.postgres(database);
    }
}
