package io.davylamp.server;

import io.davylamp.core.Seldom;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.server.rest.AuditJson;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each entry of the audit log as a line of JSON, for systems that collect logs. Thread-safe. */
final class AuditFile implements Consumer<AuditEntry>, Closeable {
    private static final Logger log = LoggerFactory.getLogger(AuditFile.class);

    private final String path;
    /** Null when nothing is written. */
    private final OutputStream out;

    private final Seldom seldom = new Seldom();

    private AuditFile(String path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    /**
     * Opens the file, which grows.
     *
     * @param path empty for none, {@code -} for standard output
     * @throws StartException if it cannot be written
     */
    static AuditFile of(String path) {
        try {
            OutputStream out = path.isEmpty() ? null : path.equals("-") ? System.out : new FileOutputStream(path, true);
            return new AuditFile(path, out);
        } catch (IOException e) {
            throw new StartException("setting audit.file = \"" + path + "\" is no file that can be written ("
                    + e.getMessage() + "); give another one, or - for standard output");
        }
    }

    @Override
    public synchronized void accept(AuditEntry entry) {
        if (out == null) {
            return;
        }
        try {
            out.write(AuditJson.line(entry));
            out.flush();
        } catch (IOException e) {
            seldom.log(
                    "audit", more -> log.error("{} cannot be written ({}): {}{}", path, e.getMessage(), entry, more));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (out != null && !path.equals("-")) {
            out.close();
        }
    }
}
