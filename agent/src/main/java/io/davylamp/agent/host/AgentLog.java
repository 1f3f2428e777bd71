package io.davylamp.agent.host;

import java.io.File;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The agent's own log: one small file in its folder, and an older one. Never the host's console, never its logging framework.
 * Thread-safe; failing to write is no failure.
 */
public final class AgentLog {
    private static final long MAX_BYTES = 512 << 10;

    /** The log that writes nothing. */
    public static final AgentLog NONE = new AgentLog(null);

    private final File file;
    private boolean lost;

    /** Writes to {@code file}; nothing is written when it is null. */
    public AgentLog(File file) {
        this.file = file;
    }

    public void info(String message) {
        write("INFO  " + message, null);
    }

    public void error(String message, Throwable e) {
        write("ERROR " + message, e);
    }

    private synchronized void write(String message, Throwable e) {
        if (file == null || lost) {
            return;
        }
        try {
            if (file.length() > MAX_BYTES) {
                File older = new File(file.getPath() + ".1");
                if (older.exists() && !older.delete() || !file.renameTo(older)) {
                    lost = true;
                    return;
                }
            }
            StringWriter text = new StringWriter();
            // In UTC: whoever asks for the JVM's own time zone sets a property of the host.
            text.append(Instant.now().toString()).append(' ').append(message).append('\n');
            if (e != null) {
                e.printStackTrace(new PrintWriter(text, true));
            }
            try (FileOutputStream out = new FileOutputStream(file, true)) {
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        } catch (Throwable ignored) {
            // A log that cannot be written must not trouble the host; there is nobody else to tell.
            lost = true;
        }
    }
}
