package io.davylamp.agent.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** The token that the server asks for. A file is read again for each connection, so that the token can be rotated. */
public final class Token {
    private static final int MAX_BYTES = 16 << 10;

    private final String text;
    private final String file;

    /** @param file where to read it; empty when {@code text} has it */
    Token(String text, String file) {
        this.text = text;
        this.file = file;
    }

    /** Empty when there is none. */
    public String read() throws IOException {
        if (file.isEmpty()) {
            return text;
        }
        if (new File(file).length() > MAX_BYTES) {
            throw new IOException("the token's file " + file + " has more than " + MAX_BYTES + " bytes");
        }
        return new String(Files.readAllBytes(new File(file).toPath()), StandardCharsets.UTF_8).trim();
    }
}
