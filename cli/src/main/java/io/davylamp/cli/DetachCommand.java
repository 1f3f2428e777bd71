package io.davylamp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "detach",
        description = "Remove the agent from running JVMs; it delivers a running task first.",
        mixinStandardHelpOptions = true)
final class DetachCommand implements Callable<Integer> {
    @Mixin
    private Output shared;

    @Parameters(paramLabel = "PID", arity = "1..*", description = "process ids of JVMs on this machine")
    private List<String> pids;

    @Option(names = "--agent", paramLabel = "JAR", description = "the agent's jar; default: the one in this download")
    private String jar;

    @Override
    public Integer call() throws InterruptedException {
        Table table = new Table().number("PID").text("SERVICE").text("AGENT");
        List<Map<String, String>> rows = new ArrayList<>();
        boolean well = true;
        for (String pid : pids) {
            String service = "";
            String state;
            try (TargetJvm jvm = TargetJvm.of(pid)) {
                service = jvm.agent().getOrDefault("service", "");
                state = detach(jvm);
            } catch (CommandException e) {
                if (pids.size() == 1 || e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                well = false;
                state = e.getMessage();
            }
            table.row(pid, service, state);
            rows.add(Map.of("pid", pid, "service", service, "agent", state));
        }
        if (shared.json) {
            shared.printJson(Map.of("jvms", rows));
        } else {
            table.print();
        }
        return well ? ExitCode.OK : ExitCode.FAILED;
    }

    private String detach(TargetJvm jvm) throws InterruptedException {
        if (jvm.agent().isEmpty()) {
            return "this JVM has no agent";
        }
        try (Progress progress =
                        Progress.step("removing the agent from " + jvm.pid() + "; it delivers a running task first");
                OnInterrupt interrupt = OnInterrupt.say(
                        () -> "davy: the agent in JVM " + jvm.pid() + " still ends; `davy attach` shows when it has")) {
            return jvm.detach(AgentJar.path(jar));
        }
    }
}
