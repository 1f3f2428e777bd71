package io.davylamp.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains an error in one or two lines on standard error: what is wrong, what is allowed, where to read more. */
final class Mistakes {
    private Mistakes() {}

    /** Explains a command line that cannot be parsed. */
    static int explain(ParameterException e, String[] arguments) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String name = command.qualifiedName();
        Terminal.say(name + ": " + text(e, command));
        Terminal.say("`" + name + " --help` lists what is allowed.");
        return ExitCode.USAGE;
    }

    private static String text(ParameterException e, CommandSpec command) {
        if (e instanceof MissingParameterException missing) {
            return missing.getMissing().stream().map(Mistakes::label).collect(Collectors.joining(" and "))
                    + (missing.getMissing().size() == 1 ? " is missing: " : " are missing: ")
                    + synopsis(command);
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            String given = unmatched.getUnmatched().get(0);
            if (unmatched.isUnknownOption()) {
                String option = given.split("=", 2)[0];
                return "there is no option " + option + Text.didYouMean(Text.similar(option, options(command)));
            }
            if (!command.subcommands().isEmpty()) {
                return noCommand(command, given);
            }
            return "\"" + given + "\" is one argument too many; usage: " + synopsis(command);
        }
        if (e.getArgSpec() != null && e.getValue() != null && e.getCause() != null) {
            return label(e.getArgSpec()) + " \"" + e.getValue() + "\": " + allowed(e.getArgSpec());
        }
        String message = e.getMessage();
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    static String noCommand(CommandSpec davy, String given) {
        return "there is no command \"" + given + "\""
                + Text.didYouMean(Text.similar(given, davy.subcommands().keySet()));
    }

    private static String allowed(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        if (type.isEnum()) {
            return "allowed are "
                    + Stream.of(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
        }
        return type == int.class || type == long.class
                ? "a whole number is needed"
                : "it cannot be read as " + type.getSimpleName();
    }

    private static String label(ArgSpec argument) {
        return argument.isOption() ? ((CommandLine.Model.OptionSpec) argument).longestName() : argument.paramLabel();
    }

    private static List<String> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    private static String synopsis(CommandSpec command) {
        return command.commandLine().getHelp().synopsis(0).trim();
    }

    /** Explains a command that was parsed and then failed. */
    static int explain(Exception e) {
        if (e instanceof CommandException known) {
            Terminal.say("davy: " + known.getMessage());
            return known.exitCode();
        }
        Terminal.say("davy: unexpected error, a fault of davy; please report it with these lines:");
        e.printStackTrace();
        return ExitCode.FAILED;
    }
}
