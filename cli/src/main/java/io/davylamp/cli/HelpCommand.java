package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "help", description = "Show the help of a command.", mixinStandardHelpOptions = true)
final class HelpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "default: list all commands")
    private String command;

    @Override
    public Integer call() {
        CommandLine davy = Davy.commandLine();
        CommandLine wanted = command == null ? davy : davy.getSubcommands().get(command);
        if (wanted == null) {
            throw new CommandException(ExitCode.USAGE, Mistakes.noCommand(davy.getCommandSpec(), command));
        }
        wanted.usage(System.out);
        return ExitCode.OK;
    }
}
