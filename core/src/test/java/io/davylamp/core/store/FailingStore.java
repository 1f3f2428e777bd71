package io.davylamp.core.store;

import java.util.function.Function;

/** A store whose writes fail when they are told to. */
public final class FailingStore implements Store {
    private final Store delegate;
    public volatile StoreException.Kind failing;
    /** The next write is done and then reported as failed, once: the answer of the database was lost. */
    public volatile RuntimeException failingAfterwards;
    /** What happens before the next write, once: somebody else is faster. */
    public volatile Runnable before;
    /** Whether there is room for what makes room. */
    public volatile boolean reserve;

    public FailingStore(Store delegate) {
        this.delegate = delegate;
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        Runnable first = before;
        if (first != null) {
            before = null;
            first.run();
        }
        RuntimeException afterwards = failingAfterwards;
        if (afterwards != null) {
            failingAfterwards = null;
            delegate.write(work);
            throw afterwards;
        }
        if (failing != null) {
            // As a database does it: the work is done, the end of the transaction fails.
            StoreException.Kind kind = failing;
            return delegate.write(tx -> {
                throw new StoreException(kind, "after " + work.apply(tx));
            });
        }
        return delegate.write(work);
    }

    @Override
    public <T> T writeToFree(Function<Tx, T> work) {
        return reserve ? delegate.write(work) : write(work);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return delegate.read(work);
    }

    @Override
    public void close() {
        delegate.close();
    }
}
