package io.davylamp.agent.host;

import java.util.concurrent.ThreadFactory;

/** Our threads: daemons that see none of the host's classes. */
public final class Threads {
    private Threads() {}

    public static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            // The JVM would print what is thrown while we end.
            thread.setUncaughtExceptionHandler((which, e) -> {});
            thread.setContextClassLoader(Threads.class.getClassLoader());
            return thread;
        };
    }
}
