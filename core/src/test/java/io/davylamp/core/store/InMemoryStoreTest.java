package io.davylamp.core.store;

class InMemoryStoreTest extends StoreContract {
    @Override
    protected Store openEmpty() {
        return new InMemoryStore();
    }
}
