package io.davylamp.agent;

import java.lang.instrument.Instrumentation;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where the JVM starts us: before {@code main}, or attached later. Returns at once and never throws. */
public final class Agent {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private Agent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    public static void agentmain(String arguments, Instrumentation instrumentation) {
        start(arguments, instrumentation);
    }

    private static void start(String arguments, Instrumentation instrumentation) {
        if (!STARTED.compareAndSet(false, true)) {
            return;
        }
        Quietly.run(new AgentLog(null), "start", () -> {
            // Everything else happens on a thread of ours: the application's start waits for nothing.
            Thread starter = new Thread(() -> begin(arguments, instrumentation), "davylamp-start");
            starter.setDaemon(true);
            starter.start();
        });
    }

    private static void begin(String arguments, Instrumentation instrumentation) {
        AgentLog[] log = {new AgentLog(null)};
        Quietly.run(log[0], "start", () -> {
            HostWarnings.prevent(instrumentation);
            AgentConfig config = AgentConfig.of(arguments, System.getenv());
            Outbox outbox = Outbox.open(config);
            log[0] = new AgentLog(outbox.file("agent.log"));
            Quietly.run(log[0], "start", () -> {
                NativeLibrary library = NativeLibrary.load(outbox);
                TaskLink link = new TaskLink(config, UUID.randomUUID().toString(), outbox, library, log[0]);
                link.start();
                Runtime.getRuntime().addShutdownHook(new Thread(link::stop, "davylamp-stop"));
            });
        });
    }
}
