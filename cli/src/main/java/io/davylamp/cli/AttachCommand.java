package io.davylamp.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attach",
        description = {
            "Bring the agent into running JVMs of this machine, without a restart.",
            "Without PID and --all it lists the JVMs. A JVM that has the agent keeps it."
        },
        mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID", arity = "0..*")
    private List<String> pids = List.of();

    @Option(names = "--all", description = "all JVMs that this user may attach to, without Davylamp's own")
    private boolean all;

    @Option(
            names = "--service",
            description = "what the application is called; default: the name of its main class or jar")
    private String service;

    @Option(names = "--instance", description = "what the JVM is called; default: host and process id")
    private String instance;

    @Option(
            names = "--to",
            defaultValue = "127.0.0.1:11800",
            paramLabel = "HOST:PORT",
            description = "the server's agent port; default ${DEFAULT-VALUE}")
    private String server;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "another setting of the agent (docs/reference/agent.md); may be repeated")
    private List<String> settings = List.of();

    @Option(names = "--agent", paramLabel = "JAR", description = "the agent's jar; default: the one of this download")
    private String jar;

    @Override
    public Integer call() throws InterruptedException {
        if (all && !pids.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "either PIDs or --all");
        }
        if (instance != null && (all || pids.size() > 1)) {
            throw new CommandException(ExitCode.USAGE, "--instance names one JVM");
        }
        if (!all && pids.isEmpty()) {
            Table table = new Table().row("PID", "SERVICE", "AGENT");
            for (TargetJvm jvm : TargetJvm.all()) {
                table.row(jvm.pid(), jvm.defaultService(), jvm.agent().getOrDefault("state", ""));
                jvm.close();
            }
            table.print();
            return ExitCode.OK;
        }
        Table table = new Table().row("PID", "SERVICE", "INSTANCE", "AGENT");
        boolean well = true;
        List<TargetJvm> jvms = new ArrayList<>();
        if (all) {
            jvms.addAll(TargetJvm.all());
        }
        for (String pid : pids) {
            try {
                jvms.add(TargetJvm.of(pid));
            } catch (CommandException e) {
                if (pids.size() == 1 || e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                well = false;
                table.row(pid, "", "", e.getMessage());
            }
        }
        for (TargetJvm jvm : jvms) {
            try (jvm) {
                Map<String, String> agent = jvm.agent();
                String before = agent.isEmpty() ? "" : "attached before: ";
                if (agent.isEmpty()) {
                    agent = jvm.attach(AgentJar.path(jar), arguments(jvm));
                }
                String state = agent.getOrDefault("state", "it does not answer; its log is in the agent's folder");
                well &= state.startsWith("connected") && !state.contains("cannot profile");
                table.row(
                        jvm.pid(),
                        agent.getOrDefault("service", ""),
                        agent.getOrDefault("instance", ""),
                        before + state);
            } catch (CommandException e) {
                well = false;
                table.row(jvm.pid(), "", "", e.getMessage());
            }
        }
        table.print();
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    private String arguments(TargetJvm jvm) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("service", service == null ? jvm.defaultService() : service);
        if (instance != null) {
            arguments.put("instance", instance);
        }
        arguments.put("server", server);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new CommandException(ExitCode.USAGE, "--set " + setting + ": allowed is NAME=VALUE");
            }
            arguments.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        StringBuilder joined = new StringBuilder();
        arguments.forEach((name, value) -> {
            if (value.indexOf(',') >= 0) {
                throw new CommandException(ExitCode.USAGE, name + " \"" + value + "\": a comma is not possible");
            }
            joined.append(joined.length() == 0 ? "" : ",")
                    .append(name)
                    .append('=')
                    .append(value);
        });
        return joined.toString();
    }
}
