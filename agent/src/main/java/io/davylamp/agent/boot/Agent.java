package io.davylamp.agent.boot;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/**
 * The entry point: the JVM calls it before {@code main}, or when the agent is attached later. Returns at once, never throws, and starts one agent however
 * often it is called; the argument {@value #DETACH} ends that one, and it may be started again.
 */
public final class Agent {
    private static final String DETACH = "detach";
    private static final String MAIN = "io.davylamp.agent.Main";

    /** Kept for ever: the profiler's library must not be unloaded while the JVM knows of it. */
    private static ClassLoader inside;

    private static Runnable stop;

    private Agent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        run(arguments, instrumentation);
    }

    public static void agentmain(String arguments, Instrumentation instrumentation) {
        run(arguments, instrumentation);
    }

    private static void run(String arguments, Instrumentation instrumentation) {
        try {
            if (DETACH.equals(arguments)) {
                end();
                return;
            }
            // Everything else happens on a thread of ours: the application's start waits for nothing.
            // (An anonymous class, because the first lambda of a JVM takes some ten milliseconds.)
            Thread starter = new Thread("davylamp-start") {
                @Override
                public void run() {
                    begin(arguments, instrumentation);
                }
            };
            starter.setDaemon(true);
            starter.start();
        } catch (Throwable e) {
            // The host must not notice, and there is nobody to tell.
        }
    }

    private static synchronized void begin(String arguments, Instrumentation instrumentation) {
        try {
            if (stop != null) {
                return;
            }
            if (inside == null) {
                inside = new IsolatedLoader(new File(Agent.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
            }
            Thread.currentThread().setContextClassLoader(inside);
            stop = (Runnable) inside.loadClass(MAIN)
                    .getMethod("start", String.class, Instrumentation.class)
                    .invoke(null, arguments, instrumentation);
        } catch (InvocationTargetException e) {
            // It told whom it could.
        } catch (Throwable e) {
            // As above.
        }
    }

    private static synchronized void end() {
        if (stop != null) {
            stop.run();
            stop = null;
        }
    }
}
