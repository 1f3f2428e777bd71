package io.davylamp.agent.silent;

import java.util.function.Supplier;

/** Logs nothing. */
public final class Logger {
    private static final Logger SILENT = new Logger();

    private Logger() {}

    public static Logger getLogger(String name) {
        return SILENT;
    }

    public String getName() {
        return "";
    }

    public boolean isLoggable(Level level) {
        return false;
    }

    public void log(Level level, String message) {}

    public void log(Level level, Supplier<String> message) {}

    public void log(Level level, String message, Object parameter) {}

    public void log(Level level, String message, Object[] parameters) {}

    public void log(Level level, String message, Throwable thrown) {}

    public void log(LogRecord record) {}

    public void logp(Level level, String className, String method, String message) {}

    public void logp(Level level, String className, String method, String message, Object parameter) {}

    public void logp(Level level, String className, String method, String message, Object[] parameters) {}

    public void logp(Level level, String className, String method, String message, Throwable thrown) {}

    public void severe(String message) {}

    public void warning(String message) {}

    public void info(String message) {}

    public void config(String message) {}

    public void fine(String message) {}

    public void finer(String message) {}

    public void finest(String message) {}
}
