package io.davylamp.store.jdbc;

import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import io.davylamp.store.TestPostgres;

class PostgresStoreTest extends StoreContract {
    @Override
    protected Store openEmpty() {
        return JdbcStore.postgres(TestPostgres.newDatabase());
    }
}
