package io.davylamp.agent.run;

import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import java.util.function.BiConsumer;

/** async-profiler, or the reason why it cannot be had. */
final class AsyncProfilerEngine implements Engine {
    private static final long MIN_FREE_BYTES = 64L << 20;

    private final NativeLibrary library;
    private final PreFlight preFlight;

    AsyncProfilerEngine(NativeLibrary library) {
        this.library = library;
        this.preFlight = PreFlight.look(library.file());
    }

    @Override
    public Unable unable() {
        return library.unable();
    }

    @Override
    public PreFlight preFlight() {
        return preFlight;
    }

    @Override
    public String why() {
        return "";
    }

    @Override
    public long minFreeBytes() {
        return MIN_FREE_BYTES;
    }

    @Override
    public Session start(
            Outbox outbox,
            Journal journal,
            String assignment,
            String options,
            long seconds,
            BiConsumer<String, String> impossible)
            throws Exception {
        return ProfilerSession.start(library.profiler(), outbox, journal, assignment, options, seconds, impossible);
    }
}
