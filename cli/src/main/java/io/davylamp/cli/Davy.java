package io.davylamp.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code davy}: profiles fleets of JVMs from the command line. */
@Command(
        name = "davy",
        mixinStandardHelpOptions = true,
        versionProvider = Davy.Version.class,
        description = "On-demand profiling for fleets of JVMs.",
        customSynopsis = "davy COMMAND [OPTIONS]",
        footer = {
            "",
            "`davy COMMAND --help` lists the options of a command, with their defaults.",
            "ID|FILE takes the id of a task, or a local file, for which no server is needed.",
        },
        subcommands = {
            DemoCommand.class,
            ServicesCommand.class,
            InstancesCommand.class,
            RecordCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            StopCommand.class,
            CancelCommand.class,
            DeleteCommand.class,
            DownloadCommand.class,
            TrustCommand.class,
            InfoCommand.class,
            HotCommand.class,
            FlameCommand.class,
            CallersCommand.class,
            CalleesCommand.class,
            TimelineCommand.class,
            ThreadsCommand.class,
            DiffCommand.class,
            AttachCommand.class,
            DetachCommand.class,
            LoginCommand.class,
            LogoutCommand.class,
            SessionCommand.class,
            TokenCommand.class,
            AuditCommand.class,
            ServerCommand.class,
            CopyCommand.class,
            ScrubCommand.class,
            PrepareCommand.class,
            CompletionCommand.class,
            HelpCommand.class
        })
final class Davy implements Callable<Integer> {
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Davy.class.getPackage().getImplementationVersion();
            return new String[] {"davy " + (version == null ? "unknown" : version)};
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Davy());
        Question.addOptions(line);
        HelpLayout.apply(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Mistakes::explain);
        line.setExecutionExceptionHandler((e, command, result) -> Mistakes.explain(e));
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        return line;
    }

    static int run(String... arguments) {
        try {
            return commandLine().execute(arguments);
        } catch (OutOfMemoryError e) {
            System.err.println("davy: not enough memory (the JVM may use "
                    + Numbers.bytes(Runtime.getRuntime().maxMemory())
                    + "); allow more, for example with DAVY_JAVA_OPTS=-Xmx4g");
            return ExitCode.FAILED;
        }
    }

    @Override
    public Integer call() {
        commandLine().usage(System.out);
        return ExitCode.OK;
    }
}
