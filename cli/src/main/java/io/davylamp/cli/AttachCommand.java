package io.davylamp.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attach",
        description = {
            "Attach the agent to running JVMs on this machine, without a restart.",
            "Without PID and --all it lists the JVMs. A JVM that already has the agent keeps its settings."
        },
        mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
    private static final String DEFAULT_SERVER = "127.0.0.1:11800";

    @Mixin
    private Output shared;

    @Parameters(paramLabel = "PID", arity = "0..*", description = "process ids of JVMs on this machine")
    private List<String> pids = List.of();

    @Option(names = "--all", description = "all JVMs that this user may attach to, except Davylamp's own")
    private boolean all;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "name of the application; default: DAVY_SERVICE of the JVM, its name for SkyWalking's agent"
                    + " (SW_AGENT_NAME), else its main class or jar")
    private String service;

    @Option(names = "--instance", paramLabel = "NAME", description = "name of the JVM; default: host and process id")
    private String instance;

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT",
            description = "the server's agent port; default: DAVY_SERVER of the JVM, else " + DEFAULT_SERVER)
    private String server;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "another setting of the agent (docs/reference/agent.md); may be repeated")
    private List<String> settings = List.of();

    @Option(names = "--agent", paramLabel = "JAR", description = "the agent's jar; default: the one in this download")
    private String jar;

    @Override
    public Integer call() throws InterruptedException {
        if (all && !pids.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "give either PIDs or --all, not both");
        }
        if (instance != null && (all || pids.size() > 1)) {
            throw new CommandException(
                    ExitCode.USAGE, "--instance names one JVM, but there are several: attach them one by one");
        }
        settings.forEach(AttachCommand::requireSetting);
        List<TargetJvm> jvms = new ArrayList<>();
        List<Map<String, String>> rows = new ArrayList<>();
        boolean well = true;
        if (pids.isEmpty()) {
            jvms.addAll(found());
        }
        for (String pid : pids) {
            try {
                jvms.add(TargetJvm.of(pid));
            } catch (CommandException e) {
                if (pids.size() == 1 || e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                well = false;
                rows.add(row(pid, "", "", e.getMessage(), true));
            }
        }
        for (TargetJvm jvm : jvms) {
            try (jvm) {
                Map<String, String> row = all || !pids.isEmpty() ? attach(jvm) : described(jvm);
                well &= !row.containsKey("problem");
                rows.add(row);
            } catch (CommandException e) {
                well = false;
                rows.add(row(jvm.pid(), "", "", e.getMessage(), true));
            }
        }
        print(rows);
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    private static List<TargetJvm> found() {
        try (Progress progress = Progress.step("looking for JVMs of this machine")) {
            return TargetJvm.all();
        }
    }

    private void print(List<Map<String, String>> rows) {
        if (shared.json) {
            shared.printJson(Map.of("jvms", rows));
            return;
        }
        if (rows.isEmpty()) {
            Terminal.print("This user may attach to no JVM. Run the command as root to see the JVMs of all users.");
            return;
        }
        Table table =
                new Table().number("PID").text("SERVICE").text("INSTANCE", 1).text("AGENT");
        for (Map<String, String> row : rows) {
            table.row(row.get("pid"), row.get("service"), row.get("instance"), row.get("agent"));
        }
        table.print();
    }

    private static Map<String, String> row(String pid, String service, String instance, String agent, boolean problem) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("pid", pid);
        row.put("service", service);
        row.put("instance", instance);
        row.put("agent", agent);
        if (problem) {
            row.put("problem", "true");
        }
        return row;
    }

    /** Describes a JVM without changing it: the service of its agent, else the name that it would get, with its source. */
    private static Map<String, String> described(TargetJvm jvm) {
        Map<String, String> agent = jvm.agent();
        if (agent.isEmpty()) {
            TargetJvm.Name name = jvm.name();
            return row(
                    jvm.pid(),
                    name.text(),
                    "",
                    "none" + (name.from().isEmpty() ? "" : "; name from " + name.from()),
                    false);
        }
        return row(
                jvm.pid(),
                agent.getOrDefault("service", ""),
                agent.getOrDefault("instance", ""),
                agent.getOrDefault("state", "unknown"),
                false);
    }

    private Map<String, String> attach(TargetJvm jvm) throws InterruptedException {
        Map<String, String> agent = jvm.agent();
        String before = "";
        if (agent.isEmpty()) {
            Path agentJar = AgentJar.path(jar);
            String given = arguments(jvm);
            try (Progress progress = Progress.step("attaching to " + jvm.pid() + " and waiting for its connection");
                    OnInterrupt interrupt = OnInterrupt.say(() -> "davy: the agent may already be in JVM " + jvm.pid()
                            + " and stay there; `davy attach` shows it, `davy detach " + jvm.pid() + "` removes it")) {
                agent = jvm.attach(agentJar, given);
            }
        } else {
            before = "attached before: ";
        }
        String state = agent.getOrDefault("state", "the agent does not answer; see agent.log in its folder");
        boolean well = state.startsWith("connected") && !state.contains("cannot profile");
        return row(
                jvm.pid(),
                agent.getOrDefault("service", ""),
                agent.getOrDefault("instance", ""),
                before + state + (before.isEmpty() ? "" : notApplied(agent, state)),
                !well);
    }

    /** Names the options that have no effect, because the JVM already had the agent. */
    private String notApplied(Map<String, String> agent, String state) {
        List<String> kept = new ArrayList<>();
        if (service != null && !service.equals(agent.get("service"))) {
            kept.add("--service " + service);
        }
        if (instance != null && !instance.equals(agent.get("instance"))) {
            kept.add("--instance " + instance);
        }
        if (server != null && !state.contains(server)) {
            kept.add("--to " + server);
        }
        return kept.isEmpty() ? "" : "; not applied: " + String.join(" ", kept) + " (run `davy detach` first)";
    }

    /** The agent's arguments: the given options, and defaults for what the JVM's environment does not set. */
    private String arguments(TargetJvm jvm) {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (service != null) {
            arguments.put("service", service);
        } else if (!jvm.environment().containsKey("DAVY_SERVICE")) {
            arguments.put("service", jvm.name().text());
        }
        if (instance != null) {
            arguments.put("instance", instance);
        }
        if (server != null) {
            arguments.put("server", server);
        } else if (!jvm.environment().containsKey("DAVY_SERVER")) {
            arguments.put("server", DEFAULT_SERVER);
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            arguments.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        StringBuilder joined = new StringBuilder();
        arguments.forEach((name, value) -> {
            if (value.indexOf(',') >= 0) {
                throw new CommandException(
                        ExitCode.USAGE, name + " \"" + value + "\": a value must not contain a comma");
            }
            joined.append(joined.length() == 0 ? "" : ",")
                    .append(name)
                    .append('=')
                    .append(value);
        });
        return joined.toString();
    }

    private static void requireSetting(String setting) {
        if (setting.indexOf('=') < 1) {
            throw new CommandException(ExitCode.USAGE, "--set " + setting + ": write NAME=VALUE");
        }
    }
}
