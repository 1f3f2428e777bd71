package io.davylamp.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running JVM of this machine, and the agent in it. */
final class TargetJvm implements AutoCloseable {
    /** Under which the agent tells what it is: lines of name, colon, text. */
    private static final String PUBLISHED = "davylamp.agent";

    private static final String DETACHED = "detached";
    /** All that a JVM before 9 answers; newer JDKs take it for an error, in their own words before it. */
    private static final Pattern NUMBER = Pattern.compile("(?:Failed to load agent library: )?([0-9]{1,9})");

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;

    private final TargetProcess process;
    private final Attached jvm;
    private final Properties properties;

    private TargetJvm(TargetProcess process, Attached jvm) throws IOException {
        this.process = process;
        this.jvm = jvm;
        this.properties = jvm.systemProperties();
    }

    static TargetJvm of(String pid) {
        if (!pid.matches("[0-9]{1,10}")) {
            throw new CommandException(
                    ExitCode.USAGE, "\"" + pid + "\" is not a process id; `davy attach` lists the JVMs");
        }
        TargetProcess process = TargetProcess.of(Long.parseLong(pid));
        String obstacle = process.obstacle();
        if (!obstacle.isEmpty()) {
            throw new CommandException(ExitCode.FAILED, "cannot attach to " + pid + ": " + obstacle);
        }
        try {
            return new TargetJvm(
                    process,
                    process.isElsewhere() ? AttachSocket.open(process) : Attached.by(VirtualMachine.attach(pid)));
        } catch (AttachNotSupportedException | IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "cannot attach to " + pid + " (is it a JVM, and of this user?): " + e.getMessage());
        } catch (NoClassDefFoundError e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "attaching needs a JDK: this Java has no module jdk.attach; set JAVA_HOME to a JDK");
        }
    }

    /** Finds the JVMs that this user may attach to, except this one and Davylamp's server and command line. */
    static List<TargetJvm> all() {
        // The JDK finds those that say where they are; in a container that shares its processes, Linux knows more.
        Set<String> pids = new TreeSet<>(Comparator.comparingLong(Long::parseLong));
        Set<String> ours =
                new HashSet<>(Set.of(String.valueOf(ProcessHandle.current().pid())));
        for (VirtualMachineDescriptor each : VirtualMachine.list()) {
            pids.add(each.id());
            if (isOurs(each.displayName())) {
                ours.add(each.id());
            }
        }
        TargetProcess.jvms().forEach(pid -> pids.add(String.valueOf(pid)));
        pids.removeAll(ours);
        List<TargetJvm> all = new ArrayList<>();
        for (String pid : pids) {
            try {
                TargetJvm jvm = of(pid);
                if (isOurs(jvm.properties.getProperty("sun.java.command", ""))) {
                    jvm.close();
                } else {
                    all.add(jvm);
                }
            } catch (CommandException e) {
                Terminal.say("davy: " + e.getMessage());
            }
        }
        return all;
    }

    private static boolean isOurs(String command) {
        return command.startsWith("io.davylamp.server.") || command.startsWith("io.davylamp.cli.");
    }

    String pid() {
        return String.valueOf(process.pid());
    }

    /**
     * The name of an application.
     *
     * @param from where that is known from; empty for its main class or jar
     */
    record Name(String text, String from) {}

    /** Returns the default name of the service: the name set for our agent, for SkyWalking's, or the main class or jar. */
    Name name() {
        return name(environment(), properties);
    }

    static Name name(Map<String, String> environment, Properties properties) {
        String own = environment.getOrDefault("DAVY_SERVICE", "").trim();
        if (!own.isEmpty()) {
            return new Name(own, "DAVY_SERVICE");
        }
        String property =
                properties.getProperty("skywalking.agent.service_name", "").trim();
        if (!property.isEmpty()) {
            return new Name(property, "skywalking.agent.service_name");
        }
        String skyWalking = environment.getOrDefault("SW_AGENT_NAME", "").trim();
        return skyWalking.isEmpty()
                ? new Name(service(properties.getProperty("sun.java.command", "")), "")
                : new Name(skyWalking, "SW_AGENT_NAME");
    }

    /** The environment that the JVM was started with; empty where the system does not show it. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        try {
            for (String line : Files.readString(Path.of("/proc", pid(), "environ"), StandardCharsets.ISO_8859_1)
                    .split("\0")) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    String value = new String(
                            line.substring(equals + 1).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                    environment.put(line.substring(0, equals), value);
                }
            }
        } catch (IOException e) {
            // Another system, or another user's process.
        }
        return environment;
    }

    /** Returns the name for a main class or jar: Main for {@code com.shop.Main}, shop for {@code /opt/shop-1.2.jar}. */
    static String service(String command) {
        String first = command.split(" ")[0];
        String name = first.substring(first.lastIndexOf('/') + 1);
        name = name.endsWith(".jar")
                ? name.substring(0, name.length() - ".jar".length()).replaceAll("-[0-9][^/]*$", "")
                : name.substring(name.lastIndexOf('.') + 1);
        return name.isBlank() ? "unnamed-service" : name;
    }

    /** Returns the properties of the agent in the JVM: version, service, instance, state; empty without an agent. */
    Map<String, String> agent() {
        Map<String, String> said = said();
        return said.getOrDefault("state", "").equals(DETACHED) ? Map.of() : said;
    }

    private Map<String, String> said() {
        Map<String, String> said = new LinkedHashMap<>();
        try {
            for (String line : jvm.agentProperties().getProperty(PUBLISHED, "").split("\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    said.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "JVM " + pid() + " has ended: " + e.getMessage());
        }
        return said;
    }

    /** Starts the agent and waits some seconds for its connection; returns what it says of itself. */
    Map<String, String> attach(Path jar, String arguments) throws InterruptedException {
        load(jar, arguments);
        long end = System.nanoTime() + ANSWER.toNanos();
        Map<String, String> said = agent();
        while (!said.getOrDefault("state", "").startsWith("connected") && System.nanoTime() < end) {
            Thread.sleep(LOOK_MILLIS);
            said = agent();
        }
        return said;
    }

    /** Ends the agent and waits until it has; returns its last word. */
    String detach(Path jar) throws InterruptedException {
        load(jar, "detach");
        long end = System.nanoTime() + ANSWER.toNanos();
        while (!agent().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK_MILLIS);
        }
        return said().getOrDefault("state", "");
    }

    private void load(Path jar, String arguments) {
        try {
            jvm.load(visible(jar), arguments);
        } catch (AgentLoadException e) {
            if (!isLoaded(e)) {
                throw new CommandException(ExitCode.FAILED, "JVM " + pid() + " refused the agent: " + why(e));
            }
        } catch (AgentInitializationException | IOException e) {
            throw new CommandException(ExitCode.FAILED, "JVM " + pid() + " refused the agent: " + e.getMessage());
        }
    }

    /** Whether that is no error but the answer of an old JVM that has loaded the agent. */
    static boolean isLoaded(AgentLoadException e) {
        return number(e).equals("0");
    }

    private static String number(AgentLoadException e) {
        Matcher number = NUMBER.matcher(String.valueOf(e.getMessage()));
        return number.matches() ? number.group(1) : "";
    }

    /** The meaning of HotSpot's error numbers, for errors without a message. */
    static String why(AgentLoadException e) {
        String number = number(e);
        switch (number) {
            case "":
                return String.valueOf(e.getMessage());
            case "100":
                return "the agent's jar cannot be opened from inside it (error 100)";
            case "102":
                return "the agent's main class did not start (error 102)";
            default:
                return "error " + number + " of the JVM";
        }
    }

    /** The jar as the JVM sees it: in a container, or where its user may not read ours, it gets a copy among its own files. */
    private String visible(Path jar) {
        if (process.reads(jar)) {
            return jar.toString();
        }
        String name = "davylamp-agent-" + process.insidePid() + ".jar";
        TargetFiles files = new TargetFiles(process.root());
        Set<String> folders = new LinkedHashSet<>(List.of(
                properties.getProperty("java.io.tmpdir", AttachSocket.FOLDER),
                AttachSocket.FOLDER,
                "/var/tmp",
                "/dev/shm",
                properties.getProperty("user.dir", AttachSocket.FOLDER)));
        List<String> tried = new ArrayList<>();
        for (String folder : folders) {
            try {
                if (folder.startsWith("/")) {
                    files.copy(jar, folder, name);
                    return folder + "/" + name;
                }
            } catch (IOException e) {
                tried.add(folder + " ("
                        + (e instanceof FileSystemException fault && fault.getReason() != null
                                ? fault.getReason()
                                : e.getClass().getSimpleName())
                        + ")");
            }
        }
        throw new CommandException(
                ExitCode.FAILED,
                "JVM " + pid() + " cannot read " + jar + ", and there is no place for a copy: "
                        + String.join(", ", tried)
                        + "; give it a /tmp that can be written to, or start it with -javaagent"
                        + " (docs/how-to/attach.md)");
    }

    @Override
    public void close() {
        try {
            jvm.close();
        } catch (IOException e) {
            // The JVM is gone.
        }
    }
}
