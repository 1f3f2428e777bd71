package io.davylamp.core.store;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Two handles of one database, used in turn as by two servers: a contract that holds for it holds for any number of them. */
public final class TwoHandles implements Store {
    private final Store[] handles;
    private final AtomicInteger turn = new AtomicInteger();

    public TwoHandles(Store one, Store two) {
        handles = new Store[] {one, two};
    }

    private Store next() {
        return handles[turn.getAndIncrement() & 1];
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return next().write(work);
    }

    @Override
    public <T> T writeSoon(Function<Tx, T> work) {
        return next().writeSoon(work);
    }

    @Override
    public <T> T writeToFree(Function<Tx, T> work) {
        return next().writeToFree(work);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return next().read(work);
    }

    @Override
    public void holdBack() {
        next().holdBack();
    }

    @Override
    public Clock clock() {
        return next().clock();
    }

    @Override
    public Optional<String> trouble() {
        return handles[0].trouble().or(handles[1]::trouble);
    }

    @Override
    public void close() {
        handles[0].close();
        handles[1].close();
    }
}
