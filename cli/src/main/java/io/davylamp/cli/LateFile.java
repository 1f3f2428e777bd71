package io.davylamp.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is only made when there is something to write, and goes again when it could not be written to its end. */
final class LateFile extends OutputStream {
    private final Path file;
    private OutputStream out;
    private boolean kept;

    LateFile(Path file) {
        this.file = file;
    }

    private OutputStream out() throws IOException {
        if (out == null) {
            out = new BufferedOutputStream(Files.newOutputStream(file), 64 << 10);
        }
        return out;
    }

    @Override
    public void write(int b) throws IOException {
        out().write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out().write(bytes, from, length);
    }

    /** All was written: the file stays, even when it is empty. */
    void keep() throws IOException {
        out().flush();
        kept = true;
    }

    @Override
    public void close() throws IOException {
        if (out == null) {
            return;
        }
        out.close();
        if (!kept && Files.isRegularFile(file)) {
            Files.delete(file);
        }
    }
}
