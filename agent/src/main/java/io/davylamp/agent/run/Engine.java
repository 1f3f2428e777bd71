package io.davylamp.agent.run;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.HostWarnings;
import io.davylamp.agent.host.JdkAccess;
import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import java.io.File;
import java.util.function.BiConsumer;

/** What records in this JVM: async-profiler, or the JDK's own Flight Recorder. Not thread-safe: the agent's one thread uses it. */
public interface Engine {
    /** Empty when this JVM can be profiled. */
    Unable unable();

    /** What can be recorded here. */
    PreFlight preFlight();

    /** Why it is another engine than people expect; empty when it is not. */
    String why();

    /** Below so much free disk nothing is recorded. */
    long minFreeBytes();

    /**
     * Starts a recording; events that cannot be recorded are left out when others can, and the session's note tells.
     *
     * @param options from the server, without action, output and file
     * @param impossible told of each event that was left out and why
     * @throws Exception with the engine's own text if nothing of it starts
     */
    Session start(
            Outbox outbox,
            Journal journal,
            String assignment,
            String options,
            long seconds,
            BiConsumer<String, String> impossible)
            throws Exception;

    /** Nothing can be recorded. */
    static Engine none(Unable unable) {
        return asyncProfiler(NativeLibrary.none(unable));
    }

    static Engine asyncProfiler(NativeLibrary library) {
        return new AsyncProfilerEngine(library);
    }

    /**
     * Chooses by the setting {@code engine} and by what this JVM can load.
     *
     * @param own the folder of this JVM's agent
     */
    static Engine choose(AgentConfig config, JdkAccess jdk, File own) {
        File repository = new File(own, Outbox.REPOSITORY);
        String missing = config.engine == AgentConfig.Recorder.ASYNC_PROFILER
                ? "the setting engine is async-profiler"
                : FlightRecorder.missing();
        if (config.engine == AgentConfig.Recorder.JFR) {
            return missing.isEmpty()
                    ? new FlightRecorderEngine(jdk, repository, "the setting engine is jfr")
                    : none(Unable.because(Unable.PLATFORM, missing));
        }
        Unable host = Unable.because(Unable.HOST, HostWarnings.prevent(jdk));
        NativeLibrary library = host.isEmpty() ? NativeLibrary.load(config.folder) : NativeLibrary.none(host);
        // What keeps the library from being unpacked keeps recordings from being written.
        boolean lacksFolder = library.unable().code.equals(Unable.FOLDER);
        return library.unable().isEmpty() || lacksFolder || !missing.isEmpty()
                ? asyncProfiler(library)
                : new FlightRecorderEngine(jdk, repository, library.unable().reason);
    }
}
