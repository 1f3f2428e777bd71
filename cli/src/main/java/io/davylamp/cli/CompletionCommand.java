package io.davylamp.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = {
            "Print the script that completes commands and options in a shell.",
            "",
            "bash, in ~/.bashrc: source <(davy completion bash)",
            "zsh, in ~/.zshrc:   source <(davy completion zsh)",
            "fish, once:         davy completion fish > ~/.config/fish/completions/davy.fish"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    public Integer call() {
        System.out.print(script(shell));
        System.out.flush();
        return ExitCode.OK;
    }

    static String script(Shell shell) {
        CommandLine davy = Davy.commandLine();
        return switch (shell) {
            case bash -> AutoComplete.bash("davy", davy);
            // zsh reads the same script once its own completion is loaded.
            case zsh ->
                "autoload -Uz compinit && (( ${+functions[compdef]} )) || compinit\n" + AutoComplete.bash("davy", davy);
            case fish -> fish(davy);
        };
    }

    /** Writes one line of fish's {@code complete} for each command and option. */
    private static String fish(CommandLine davy) {
        StringBuilder script =
                new StringBuilder("# Completes davy in fish.\ncomplete -c davy -f -n __fish_use_subcommand\n");
        davy.getSubcommands().forEach((name, command) -> {
            script.append("complete -c davy -f -n __fish_use_subcommand -a ")
                    .append(name)
                    .append(" -d ")
                    .append(quoted(first(command.getCommandSpec())))
                    .append('\n');
            String where = "complete -c davy -n " + quoted("__fish_seen_subcommand_from " + name);
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden()) {
                    script.append(where);
                    for (String each : option.names()) {
                        script.append(each.startsWith("--") ? " -l " : " -s ").append(each.replaceFirst("^--?", ""));
                    }
                    script.append(option.arity().max() == 0 ? "" : isFile(option.paramLabel()) ? " -r" : " -x");
                    candidates(script, option.completionCandidates());
                    script.append(" -d ")
                            .append(quoted(String.join(" ", option.description())))
                            .append('\n');
                }
            }
            for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
                if (parameter.completionCandidates() != null) {
                    script.append(where).append(" -f");
                    candidates(script, parameter.completionCandidates());
                    script.append('\n');
                }
            }
        });
        String commands = davy.getSubcommands().keySet().stream().sorted().collect(Collectors.joining(" "));
        return script.append("complete -c davy -f -n '__fish_seen_subcommand_from help' -a ")
                .append(quoted(commands))
                .append('\n')
                .toString();
    }

    private static void candidates(StringBuilder script, Iterable<String> candidates) {
        if (candidates != null) {
            script.append(" -a ").append(quoted(String.join(" ", candidates)));
        }
    }

    private static boolean isFile(String label) {
        return Arrays.asList(label.split("\\|")).stream()
                .anyMatch(each -> each.equals("FILE") || each.equals("FOLDER") || each.equals("JAR"));
    }

    private static String first(CommandSpec command) {
        String[] description = command.usageMessage().description();
        return description.length == 0 ? "" : description[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
