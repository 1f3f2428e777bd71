package io.davylamp.agent;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.JdkAccess;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.link.AgentVersion;
import io.davylamp.agent.link.TaskLink;
import io.davylamp.agent.run.Engine;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.Properties;
import java.util.UUID;

/** The agent behind its class loader: puts the parts together. */
public final class Main {
    /** Under which those who attach find what the agent is: lines of name, colon, text. */
    private static final String PUBLISHED = "davylamp.agent";

    private Main() {}

    /**
     * Starts the agent.
     *
     * @return ends it
     */
    public static Runnable start(String arguments, Instrumentation instrumentation) throws Exception {
        JdkAccess jdk = new JdkAccess(instrumentation);
        AgentConfig config = AgentConfig.of(arguments, System.getenv());
        Unable broken = Unable.because(Unable.SETTINGS, config.problem());
        Folder folder = null;
        Journal journal = null;
        try {
            folder = Folder.open(config);
            journal = new Journal(config, folder);
        } catch (IOException e) {
            // The server is told, so that it does not stay a riddle.
            broken = broken.or(Unable.because(Unable.FOLDER, String.valueOf(e.getMessage())));
        }
        boolean usable = folder != null && journal != null;
        AgentLog log = usable && config.log ? new AgentLog(folder.file("agent.log")) : AgentLog.NONE;
        config.remarks().forEach(log::info);
        Engine engine = broken.isEmpty() ? Engine.choose(config, jdk, folder.file("")) : Engine.none(broken);
        TaskLink link = new TaskLink(
                config, UUID.randomUUID().toString(), usable ? folder : null, journal, engine, log, state -> {
                    Quietly.run(log, "publish", () -> publish(jdk, config, state));
                });
        link.start();
        Thread atExit = new Thread(link::stop, "davylamp-stop");
        atExit.setContextClassLoader(Main.class.getClassLoader());
        Runtime.getRuntime().addShutdownHook(atExit);
        return () -> {
            link.stop();
            Quietly.run(log, "unhook", () -> Runtime.getRuntime().removeShutdownHook(atExit));
            Quietly.run(log, "publish", () -> publish(jdk, config, "detached"));
        };
    }

    private static void publish(JdkAccess jdk, AgentConfig config, String state) throws ReflectiveOperationException {
        Properties properties = jdk.agentProperties();
        properties.setProperty(
                PUBLISHED,
                "version: " + AgentVersion.VERSION + "\nservice: " + config.service + "\ninstance: " + config.instance
                        + "\nstate: " + state.replace('\n', ' '));
    }
}
