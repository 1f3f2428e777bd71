package io.davylamp.agent.silent;

/** Is filled in and forgotten. */
public final class LogRecord {
    public LogRecord(Level level, String message) {}

    public void setLoggerName(String name) {}

    public void setSourceClassName(String name) {}

    public void setSourceMethodName(String name) {}

    public void setThrown(Throwable thrown) {}

    public void setParameters(Object[] parameters) {}
}
