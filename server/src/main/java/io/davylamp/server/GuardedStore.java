package io.davylamp.server;

import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * A store that refuses at once while its database is known to be away. Otherwise each request would wait for a connection until
 * its time is over, and there are more requests than threads. The conditions' look goes to the database itself and ends the
 * refusing. Thread-safe.
 */
final class GuardedStore implements Store {
    private final Store delegate;
    /** Why the database is away; null while it is not known to be. */
    private volatile StoreException away;

    GuardedStore(Store delegate) {
        this.delegate = delegate;
    }

    /** From now on refuses everything. */
    void refuse(StoreException why) {
        away = why;
    }

    /** From now on works again. */
    void allow() {
        away = null;
    }

    private void require() {
        StoreException why = away;
        if (why != null) {
            throw new StoreException(why.kind(), why.getMessage(), why);
        }
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        require();
        return delegate.write(work);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        require();
        return delegate.read(work);
    }

    @Override
    public <T> T writeSoon(Function<Tx, T> work) {
        require();
        return delegate.writeSoon(work);
    }

    @Override
    public <T> T writeToFree(Function<Tx, T> work) {
        require();
        return delegate.writeToFree(work);
    }

    @Override
    public void holdBack() {
        delegate.holdBack();
    }

    @Override
    public Clock clock() {
        return delegate.clock();
    }

    @Override
    public boolean isShared() {
        return delegate.isShared();
    }

    @Override
    public Optional<String> trouble() {
        return delegate.trouble();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
