package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code davy}: profiles fleets of JVMs from the command line. */
@Command(
        name = "davy",
        mixinStandardHelpOptions = true,
        versionProvider = Davy.Version.class,
        description = "On-demand profiling for fleets of JVMs.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Also, from the launcher: `davy server` runs the server (`davy server --help` lists its settings);",
            "`davy prepare`, once, lets it start faster.",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 server unreachable, 4 not found, 5 refused."
        },
        subcommands = {
            ServicesCommand.class,
            InstancesCommand.class,
            RecordCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            CancelCommand.class,
            DeleteCommand.class,
            DownloadCommand.class,
            FlameCommand.class,
            HotCommand.class,
            CallersCommand.class,
            CalleesCommand.class,
            TimelineCommand.class,
            ThreadsCommand.class,
            DiffCommand.class,
            InfoCommand.class,
            AttachCommand.class,
            DetachCommand.class,
            StopCommand.class,
            TrustCommand.class,
            DemoCommand.class
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

    static int run(String... arguments) {
        CommandLine line = new CommandLine(new Davy());
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (e instanceof CommandException known) {
                System.err.println("davy: " + known.getMessage());
                return known.exitCode();
            }
            throw e;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return ExitCode.OK;
    }
}
