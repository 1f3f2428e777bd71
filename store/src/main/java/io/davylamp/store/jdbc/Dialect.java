package io.davylamp.store.jdbc;

import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What each database does in its own way: its connections, how a transaction begins, what its faults mean. Thread-safe. */
interface Dialect extends AutoCloseable {

    /** Runs {@code work} in one transaction, once. */
    <T> T write(Function<Handle, T> work);

    /** Like {@link #write}, but does not wait for the disk. */
    <T> T writeSoon(Function<Handle, T> work);

    /** Runs {@code work} on one consistent state. */
    <T> T read(Function<Handle, T> work);

    /** Says what a failed transaction means. */
    Fault fault(RuntimeException e);

    Clock clock();

    /** The schema as it was when the database was opened. */
    SchemaVersion schema();

    /** Whether other processes may use the database at the same time. */
    default boolean isShared() {
        return false;
    }

    /** Gives away what is held back for a full disk. @return false when nothing is */
    default boolean release() {
        return false;
    }

    /** Holds room back for a full disk. */
    default void holdBack() {}

    /** What runs statements: the writer's first. */
    List<Jdbi> jdbis();

    /** Counts connections: of all, and of those in use, and threads that wait for one. */
    Connections connections();

    /** Tells other servers of the database what changes here, and {@code changes} what changes there; empty if there are none. */
    default Optional<ChangeFeed> share(Changes changes) {
        return Optional.empty();
    }

    @Override
    void close();

    /** Connections to the database now. */
    record Connections(int all, int used, int waiting) {}

    /** What a failed transaction means. */
    sealed interface Fault {}

    /** Another transaction was in the way; nothing happened, and the same work may succeed now. */
    record Again(StoreException whenAlways) implements Fault {}

    /** The storage cannot be used for a reason outside of this program. */
    record Outside(StoreException reason) implements Fault {}

    /** The work itself failed. */
    record Own() implements Fault {}
}
