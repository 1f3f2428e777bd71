package io.davylamp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The man pages, of the same descriptions as the help; the build of the distribution runs it. They are written as roff right away:
 * picocli's own generator writes AsciiDoc, which takes JRuby to convert.
 */
public final class ManPages {
    private static final Map<String, String> ENVIRONMENT = new LinkedHashMap<>();

    static {
        ENVIRONMENT.put("DAVY_SERVER", "The server; default http://127.0.0.1:12800.");
        ENVIRONMENT.put("DAVY_TOKEN", "The token that signs in; default: what `davy login` keeps.");
        ENVIRONMENT.put("DAVY_JAVA_OPTS", "Options for the JVM, such as -Xmx4g.");
        ENVIRONMENT.put("DAVY_ARCHIVE", "off: make no archive of classes in the user's cache.");
        ENVIRONMENT.put("JAVA_HOME", "The JDK to run with; default: the first java in the path.");
        ENVIRONMENT.put("COLUMNS", "Width of help and tables, for pipes too.");
        ENVIRONMENT.put("NO_COLOR", "No bold type in help.");
    }

    private ManPages() {}

    /** @param arguments the folder to write to, and the version */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (Map.Entry<String, String> page : all(arguments[1]).entrySet()) {
            Files.writeString(folder.resolve(page.getKey()), page.getValue());
        }
    }

    /** By file name: {@code davy.1}, {@code davy-hot.1}, ... */
    static Map<String, String> all(String version) {
        Map<String, String> pages = new TreeMap<>();
        for (CommandLine line : HelpLayout.all(Davy.commandLine())) {
            CommandSpec command = line.getCommandSpec();
            pages.put(name(command) + ".1", page(command, version));
        }
        return pages;
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    private static String page(CommandSpec command, String version) {
        StringBuilder page = new StringBuilder("'\\\" t\n");
        String[] description = command.usageMessage().description();
        page.append(".TH ")
                .append(name(command).toUpperCase(Locale.ROOT))
                .append(" 1 \"\" \"davy ")
                .append(text(version))
                .append("\" \"Davylamp\"\n.nh\n.ad l\n.SH NAME\n")
                .append(text(name(command)))
                .append(" \\- ")
                .append(text(description[0].replaceAll("\\.$", "")))
                .append("\n.SH SYNOPSIS\n.B ")
                .append(text(command.commandLine()
                        .getHelp()
                        .synopsis(0)
                        .replaceAll("\\s+", " ")
                        .trim()))
                .append("\n.SH DESCRIPTION\n");
        paragraphs(page, description);
        if (!command.positionalParameters().isEmpty()) {
            page.append(".SH ARGUMENTS\n");
            for (PositionalParamSpec parameter : command.positionalParameters()) {
                entry(page, parameter.paramLabel(), described(parameter));
            }
        }
        if (command.subcommands().isEmpty()) {
            page.append(".SH OPTIONS\n");
            HelpLayout.groups(command).forEach((heading, options) -> {
                page.append(heading.equals("Options") ? "" : ".SS " + text(heading) + "\n");
                options.forEach(option -> entry(page, names(option), described(option)));
            });
        } else {
            commands(page, command);
        }
        if (command.usageMessage().footer().length > 0) {
            page.append(".SH NOTES\n");
            paragraphs(page, command.usageMessage().footer());
        }
        page.append(".SH EXIT STATUS\n");
        ExitCode.TABLE.forEach(row -> entry(page, Integer.toString(row.code()), row.meaning()));
        page.append(".SH ENVIRONMENT\n");
        ENVIRONMENT.forEach((name, meaning) -> entry(page, name, meaning));
        page.append(".SH SEE ALSO\n")
                .append(
                        command.subcommands().isEmpty()
                                ? ".BR davy (1)"
                                : command.subcommands().keySet().stream()
                                        .map(each -> ".BR " + text("davy-" + each) + " (1)")
                                        .collect(Collectors.joining(",\n")))
                .append('\n');
        return page.toString();
    }

    private static void commands(StringBuilder page, CommandSpec davy) {
        page.append(".SH COMMANDS\n");
        HelpLayout.COMMANDS.forEach((heading, names) -> {
            page.append(".SS ").append(text(heading)).append('\n');
            names.forEach(each -> entry(
                    page,
                    each,
                    davy.subcommands().get(each).getCommandSpec().usageMessage().description()[0]));
        });
    }

    private static void paragraphs(StringBuilder page, String[] lines) {
        for (String line : lines) {
            page.append(line.isBlank() ? ".PP\n" : text(line) + "\n.br\n");
        }
    }

    private static void entry(StringBuilder page, String head, String body) {
        page.append(".TP\n.B ")
                .append(text(head))
                .append('\n')
                .append(text(body))
                .append('\n');
    }

    private static String names(OptionSpec option) {
        return String.join(", ", option.names())
                + (option.arity().max() == 0
                        ? ""
                        : (option.longestName().startsWith("--") ? "=" : " ") + option.paramLabel());
    }

    /** The description with its defaults and candidates in place, as the help has it. */
    private static String described(ArgSpec argument) {
        String[] rendered = argument.isOption()
                ? ((OptionSpec) argument).description()
                : ((PositionalParamSpec) argument).description();
        String text = Arrays.stream(rendered).collect(Collectors.joining(" "));
        Iterable<String> candidates = argument.completionCandidates();
        text = text.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()));
        return candidates == null ? text : text.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates));
    }

    /** Escapes a text so that roff prints it literally. */
    private static String text(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("%n", " ");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
