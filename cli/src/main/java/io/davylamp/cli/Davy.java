package io.davylamp.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    /** Made when the first command needs it. */
    private static final class Known {
        static final List<String> COMMANDS =
                HelpLayout.COMMANDS.values().stream().flatMap(List::stream).toList();
    }

    /** A switch: it loads the class of the one command that is asked for. */
    private static Object command(String name) {
        return switch (name) {
            case "demo" -> new DemoCommand();
            case "services" -> new ServicesCommand();
            case "instances" -> new InstancesCommand();
            case "record" -> new RecordCommand();
            case "tasks" -> new TasksCommand();
            case "task" -> new TaskCommand();
            case "stop" -> new StopCommand();
            case "cancel" -> new CancelCommand();
            case "delete" -> new DeleteCommand();
            case "download" -> new DownloadCommand();
            case "trust" -> new TrustCommand();
            case "info" -> new InfoCommand();
            case "hot" -> new HotCommand();
            case "flame" -> new FlameCommand();
            case "callers" -> new CallersCommand();
            case "callees" -> new CalleesCommand();
            case "timeline" -> new TimelineCommand();
            case "threads" -> new ThreadsCommand();
            case "diff" -> new DiffCommand();
            case "attach" -> new AttachCommand();
            case "detach" -> new DetachCommand();
            case "login" -> new LoginCommand();
            case "logout" -> new LogoutCommand();
            case "session" -> new SessionCommand();
            case "token" -> new TokenCommand();
            case "audit" -> new AuditCommand();
            case "server" -> new ServerCommand();
            case "copy" -> new CopyCommand();
            case "scrub" -> new ScrubCommand();
            case "prepare" -> new PrepareCommand();
            case "webhook" -> new WebhookCommand();
            case "completion" -> new CompletionCommand();
            case "help" -> new HelpCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** All commands. */
    static CommandLine commandLine() {
        return commandLine(Known.COMMANDS);
    }

    /** Those commands only: what looks through all of them takes longer than many a command does its work. */
    private static CommandLine commandLine(List<String> commands) {
        CommandLine line = new CommandLine(new Davy());
        commands.forEach(name -> line.addSubcommand(name, command(name)));
        Question.addOptions(line);
        HelpLayout.apply(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Mistakes::explain);
        line.setExecutionExceptionHandler((e, command, result) -> Mistakes.explain(e));
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        return line;
    }

    /** The commands that people wait for most are made without picocli when their arguments are simple; null for all others. */
    private static Callable<Integer> plain(String[] arguments) {
        String name = arguments.length == 0 ? "" : arguments[0];
        return switch (name) {
            case "hot" -> HotCommand.plain(new PlainArguments(arguments));
            case "flame" -> FlameCommand.plain(new PlainArguments(arguments));
            case "-V", "--version" -> arguments.length > 1 ? null : Davy::printVersion;
            default -> null;
        };
    }

    private static int printVersion() {
        System.out.println(new Version().getVersion()[0]);
        return ExitCode.OK;
    }

    private static int call(Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            return Mistakes.explain(e);
        }
    }

    static int run(String... arguments) {
        try {
            Callable<Integer> plain = plain(arguments);
            if (plain != null) {
                return call(plain);
            }
            boolean isKnown = arguments.length > 0 && Known.COMMANDS.contains(arguments[0]);
            return (isKnown ? commandLine(List.of(arguments[0])) : commandLine()).execute(arguments);
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
