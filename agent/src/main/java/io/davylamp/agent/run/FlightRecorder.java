package io.davylamp.agent.run;

import io.davylamp.agent.host.JdkAccess;
import io.davylamp.agent.keep.Folder;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The JDK's Flight Recorder, by reflection: the agent is compiled for Java 8, of which only 8u262 and newer have it. Nothing here
 * starts the recorder before {@link #configure}. Not thread-safe: the agent's one thread uses it.
 *
 * <p>Source: the JDK's API {@code jdk.jfr}; for what that does not offer, the methods that the command {@code JFR.configure} of
 * jcmd calls ({@code jdk.jfr.internal.dcmd.DCmdConfigure}).
 */
final class FlightRecorder {
    private static final String API = "jdk.jfr.FlightRecorder";
    private static final String RECORDING = "jdk.jfr.Recording";
    private static final String INTERNAL = "jdk.jfr.internal";

    /** A recording that something else ended is copied meanwhile: so long it is waited for. */
    private static final long COPY_MILLIS = 10_000;

    /** The recorder is the JVM's: what is set once holds for its life, also when the agent goes and comes again. */
    private static boolean configured;

    /**
     * Held while a recording is copied. It is the recorder's own lock where the JDK lets us have it: the JVM's end takes that too
     * before it deletes the recorder's files, and would otherwise delete them under the copy.
     */
    private static Object copying = new Object();

    private FlightRecorder() {}

    /** Returns why this JVM has none; empty when it has. */
    static String missing() {
        String java = System.getProperty("java.version", "");
        try {
            return (Boolean) invoke(Class.forName(API).getMethod("isAvailable"), null)
                    ? ""
                    : "this JVM (Java " + java + ") does not offer its Flight Recorder";
        } catch (ClassNotFoundException e) {
            return "this JVM (Java " + java + ") has no Flight Recorder: that is in Java 8u262 and newer, and in 11 and"
                    + " newer where the module jdk.jfr is";
        } catch (Throwable e) {
            return "the Flight Recorder of this JVM (Java " + java + ") does not answer: " + e;
        }
    }

    /** Removes what a JVM that was killed has left there, unless it is this JVM's own. */
    static void clean(File repository) {
        if (!configured) {
            Folder.deleteTree(repository);
        }
    }

    /**
     * Starts the recorder with its files in our folder and with stacks deeper than its 64 frames; both can be set only before it
     * starts. A host that has started it already keeps its own settings, and so does a JDK whose methods are others.
     */
    static void configure(JdkAccess jdk, File repository, int stackDepth) throws Exception {
        Class<?> api = Class.forName(API);
        boolean first = !configured && !(Boolean) invoke(api.getMethod("isInitialized"), null);
        try {
            jdk.open(api, INTERNAL);
            if (first) {
                configured = true;
                Files.createDirectories(repository.toPath());
                Class<?> options = Class.forName(INTERNAL + ".Options");
                set(options, null, "setStackDepth", stackDepth);
                Class<?> places = Class.forName(INTERNAL + ".Repository");
                Method instance = places.getDeclaredMethod("getRepository");
                instance.setAccessible(true);
                set(places, invoke(instance, null), "setBasePath", repository.toPath());
            }
        } catch (ReflectiveOperationException | RuntimeException | IOException e) {
            // Then its files are in the JVM's temporary folder, and its stacks have 64 frames.
        }
        recorder();
        findLock();
    }

    private static void findLock() throws Exception {
        try {
            Class<?> access = Class.forName(INTERNAL + ".PrivateAccess");
            Object recorder =
                    invoke(access.getMethod("getPlatformRecorder"), invoke(access.getMethod("getInstance"), null));
            if (recorder != null) {
                copying = recorder;
            }
        } catch (ReflectiveOperationException e) {
            // Then a JVM that ends at the same moment may lose the recording; the server is told.
        }
    }

    /** Calls the method of that name, whose parameter may be a wrapper of a path; nothing to do where there is none. */
    private static void set(Class<?> owner, Object target, String name, Object value) throws Exception {
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterTypes().length == 1) {
                Class<?> type = method.getParameterTypes()[0];
                Object argument = value;
                if (value instanceof Path && !type.isInstance(value)) {
                    Constructor<?> wrapper = type.getDeclaredConstructor(Path.class);
                    wrapper.setAccessible(true);
                    argument = wrapper.newInstance(value);
                }
                method.setAccessible(true);
                invoke(method, target, argument);
                return;
            }
        }
    }

    private static Object recorder() throws Exception {
        return invoke(Class.forName(API).getMethod("getFlightRecorder"), null);
    }

    /** Names of the events that this JVM knows, its host's own among them. */
    static Set<String> eventTypes() throws Exception {
        Set<String> names = new HashSet<>();
        Method name = Class.forName("jdk.jfr.EventType").getMethod("getName");
        for (Object type : (List<?>) invoke(Class.forName(API).getMethod("getEventTypes"), recorder())) {
            names.add((String) invoke(name, type));
        }
        return names;
    }

    /** How many recordings are there, whoever started them. */
    static int recordings() throws Exception {
        return ((List<?>) invoke(Class.forName(API).getMethod("getRecordings"), recorder())).size();
    }

    /** One recording of it. */
    static final class Recording {
        private final Object recording;

        /**
         * Prepares a recording, which ends by itself after {@code maxSeconds}, or with the JVM; either way its file is whole.
         *
         * @param settings by {@code event#setting}
         */
        Recording(String name, Map<String, String> settings, File file, long maxSeconds) throws Exception {
            recording = Class.forName(RECORDING).getConstructor().newInstance();
            try {
                call("setName", String.class, name);
                call("setSettings", Map.class, settings);
                call("setToDisk", boolean.class, true);
                call("setDestination", Path.class, file.toPath());
                call("setDumpOnExit", boolean.class, true);
                call("setDuration", Duration.class, Duration.ofSeconds(maxSeconds));
            } catch (Exception e) {
                close();
                throw e;
            }
        }

        void start() throws Exception {
            call("start");
        }

        /** Bytes of its finished pieces: each has some ten megabytes. */
        long sizeBytes() {
            try {
                return (Long) call("getSize");
            } catch (Exception e) {
                return 0;
            }
        }

        /**
         * Ends it, and its file is whole when this returns; waits for that when it has ended by itself.
         *
         * @throws IOException if it could not be copied to its file
         */
        void stop() throws Exception {
            long until = System.nanoTime();
            synchronized (copying) {
                try {
                    call("stop");
                } catch (IllegalStateException e) {
                    // After its longest time, or because the JVM ends: who ended it copies it.
                    until += TimeUnit.MILLISECONDS.toNanos(COPY_MILLIS);
                }
            }
            while (!copied()) {
                if (System.nanoTime() - until > 0) {
                    throw new IOException("the Flight Recorder could not copy its recording");
                }
                Thread.sleep(10);
            }
        }

        /** The recorder closes a recording when its file is whole, and leaves it stopped when it could not write that. */
        private boolean copied() throws Exception {
            return call("getState").toString().equals("CLOSED");
        }

        /** Its file is not wanted. */
        void discard() throws Exception {
            try {
                call("setDestination", Path.class, null);
                call("setDumpOnExit", boolean.class, false);
            } catch (IllegalStateException e) {
                // It has ended by itself.
            }
        }

        void close() {
            try {
                call("close");
            } catch (Exception e) {
                // It is closed, or the JVM ends and closes it.
            }
        }

        private Object call(String method) throws Exception {
            return invoke(recording.getClass().getMethod(method), recording);
        }

        private void call(String method, Class<?> type, Object argument) throws Exception {
            invoke(recording.getClass().getMethod(method, type), recording, argument);
        }
    }

    /** Throws what the method throws, not that it threw. */
    private static Object invoke(Method method, Object target, Object... arguments) throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception) {
                throw (Exception) e.getCause();
            }
            if (e.getCause() instanceof Error) {
                throw (Error) e.getCause();
            }
            throw e;
        }
    }
}
