package io.davylamp.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "detach",
        description = "End the agent in running JVMs: what it records is delivered, then nothing of it runs any more.",
        mixinStandardHelpOptions = true)
final class DetachCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PID", arity = "1..*")
    private List<String> pids;

    @Option(names = "--agent", paramLabel = "JAR", description = "the agent's jar; default: the one of this download")
    private String jar;

    @Override
    public Integer call() throws InterruptedException {
        Table table = new Table().row("PID", "AGENT");
        boolean well = true;
        for (String pid : pids) {
            try (TargetJvm jvm = TargetJvm.of(pid)) {
                table.row(pid, jvm.agent().isEmpty() ? "there was none" : jvm.detach(AgentJar.path(jar)));
            } catch (CommandException e) {
                if (pids.size() == 1 || e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                well = false;
                table.row(pid, e.getMessage());
            }
        }
        table.print();
        return well ? ExitCode.OK : ExitCode.FAILED;
    }
}
