package io.davylamp.core.store;

import io.davylamp.core.access.AuditRows;
import io.davylamp.core.access.LoginCodeRows;
import io.davylamp.core.access.QuotaUseRows;
import io.davylamp.core.access.SessionRows;
import io.davylamp.core.access.TokenRows;
import io.davylamp.core.access.UsedStateRows;
import io.davylamp.core.access.UserRows;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.recording.UploadRows;
import io.davylamp.core.server.InstallationRows;
import io.davylamp.core.server.ServerRows;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.TaskRows;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps the rows of the domain. What can be done with the rows of a kind is declared beside their value: {@link InstanceRows},
 * {@link TaskRows}, {@link AssignmentRows}, {@link RecordingRows}, {@link UploadRows}, {@link ServerRows}, {@link UserRows},
 * {@link SessionRows}, {@link TokenRows}, {@link AuditRows}, {@link QuotaUseRows}, {@link LoginCodeRows},
 * {@link UsedStateRows}. Thread-safe. {@code StoreContract} in the tests of this module says what every implementation must do.
 */
public interface Store extends AutoCloseable {

    /**
     * Runs {@code work} in one transaction: all of it is durable when this returns, or, if {@code work} throws, nothing of it
     * happened. It is as if writers of all servers followed each other. For that, {@code work} may run several times, and only its
     * last run counts: it must do nothing outside of the transaction that a further run does not undo.
     *
     * @throws StoreException when it cannot be written for a reason outside of this program, as all methods here do
     */
    <T> T write(Function<Tx, T> work);

    /** Runs {@code work} on one consistent state, beside writers. */
    <T> T read(Function<Tx, T> work);

    /** Like {@link #write}, for what may be lost when the machine crashes: who is there. */
    default <T> T writeSoon(Function<Tx, T> work) {
        return write(work);
    }

    /** Like {@link #write}, for what makes room or ends work: it may use what is held back for a full disk. */
    default <T> T writeToFree(Function<Tx, T> work) {
        return write(work);
    }

    /** Holds room back again for {@link #writeToFree}, if it was used and there is room. Called now and then. */
    default void holdBack() {}

    /** The clock that counts for leases and deadlines: the same for all servers of one database. */
    default Clock clock() {
        return Clock.systemUTC();
    }

    /** Returns why the last write failed; empty when it did not. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Whether other servers may use it at the same time. */
    default boolean isShared() {
        return false;
    }

    @Override
    void close();

    /** One transaction; not to be kept beyond it. */
    interface Tx {
        InstanceRows instances();

        TaskRows tasks();

        AssignmentRows assignments();

        RecordingRows recordings();

        LeftoverRows leftovers();

        UploadRows uploads();

        ServerRows servers();

        InstallationRows installation();

        UserRows users();

        SessionRows sessions();

        TokenRows tokens();

        AuditRows audit();

        QuotaUseRows quotaUses();

        LoginCodeRows loginCodes();

        UsedStateRows usedStates();
    }
}
