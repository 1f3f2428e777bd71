package io.davylamp.server;

import io.davylamp.core.Ids;
import io.davylamp.core.cluster.Installation;
import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.server.Conditions.Finding;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the database of a server and the place of its recordings belong together. Thread-safe. */
final class InstallationCheck {
    private static final Logger log = LoggerFactory.getLogger(InstallationCheck.class);

    private final Installation installation;
    private final String place;
    private final InstallationRow row;

    private InstallationCheck(Installation installation, String place, InstallationRow row) {
        this.installation = installation;
        this.place = place;
        this.row = row;
    }

    /**
     * Compares, and marks the place of a new database.
     *
     * @param place where the blobs are, in words
     * @throws StartException if the place is another installation's, with both ids
     */
    static InstallationCheck start(Store store, Blobs blobs, Clock clock, Ids ids, String place) throws IOException {
        Installation installation = new Installation(store, blobs, clock, InstallationCheck::rest);
        Installation.Fit fit = installation.join(ids);
        InstallationRow row =
                store.<InstallationRow>read(tx -> tx.installation().find().orElseThrow());
        if (fit instanceof Installation.Foreign foreign) {
            throw new StartException(words(foreign, place));
        }
        if (fit instanceof Installation.Elsewhere elsewhere) {
            log.error(words(elsewhere, place));
        } else {
            log.info("this is installation {}, with its recordings in {}", row.id(), place);
        }
        return new InstallationCheck(installation, place, row);
    }

    private static void rest(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** Known to the servers of this database only, and never shown. */
    String secret() {
        return row.secret();
    }

    /** Reads the mark again: somebody may have removed it, or have given the place away. */
    Finding look() throws IOException {
        Installation.Fit fit = installation.look();
        if (fit instanceof Installation.Foreign foreign) {
            return Finding.trouble(words(foreign, place));
        }
        if (fit instanceof Installation.Elsewhere elsewhere) {
            return Finding.trouble(words(elsewhere, place));
        }
        return Finding.well("the recordings are those of this database");
    }

    private static String words(Installation.Foreign foreign, String place) {
        return place + " belongs to installation " + foreign.theirs() + ", but this database is installation "
                + foreign.own() + ": give each installation its own prefix of a bucket (data.blobs) or data.folder;"
                + " when this database takes the place of the other one, remove \"" + Installation.MARK
                + "\" there and start again";
    }

    private static String words(Installation.Elsewhere elsewhere, String place) {
        return place + " does not have the recordings of this database (installation " + elsewhere.own()
                + "): nothing in it is named \"" + Installation.MARK
                + "\". Several servers on one database need one bucket"
                + " (data.blobs); when all recordings are there, put the text " + elsewhere.own()
                + " there under the name \""
                + Installation.MARK + "\"";
    }
}
