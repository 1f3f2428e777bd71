package io.davylamp.cli;

import io.davylamp.profile.view.ProfileFilter;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Lays out the help of each command: as wide as the terminal, commands and options in groups, then the exit codes. */
final class HelpLayout {
    /** The commands by purpose, in the order in which a new user needs them. */
    static final Map<String, List<String>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("Try it on this machine", List.of("demo"));
        COMMANDS.put("Profile running JVMs", List.of("services", "instances", "record"));
        COMMANDS.put(
                "Tasks and their recordings",
                List.of("tasks", "task", "stop", "cancel", "delete", "download", "trust"));
        COMMANDS.put(
                "Read profiles of tasks or local files",
                List.of("info", "hot", "flame", "callers", "callees", "timeline", "threads", "diff", "scrub"));
        COMMANDS.put("The agent in JVMs on this machine", List.of("attach", "detach"));
        COMMANDS.put("Who may do what", List.of("login", "logout", "session", "token", "audit"));
        COMMANDS.put("The server", List.of("server", "copy", "prepare", "webhook"));
        COMMANDS.put("This command line", List.of("completion", "help"));
    }

    /** Longer lines of prose are hard to read. */
    private static final int MOST_COLUMNS = 110;

    /** picocli refuses a smaller width. */
    private static final int LEAST_COLUMNS = 55;

    private HelpLayout() {}

    static void apply(CommandLine root) {
        int width = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, Terminal.columns()));
        Help.ColorScheme colours = Help.defaultColorScheme(
                Terminal.isOut() && System.getenv("NO_COLOR") == null ? Help.Ansi.ON : Help.Ansi.OFF);
        root.setColorScheme(colours);
        root.setUsageHelpWidth(width);
        root.setUsageHelpLongOptionsMaxWidth(width < 80 ? 24 : 30);
        all(root).forEach(line -> {
            UsageMessageSpec usage = line.getCommandSpec().usageMessage();
            usage.abbreviateSynopsis(true);
            usage.sortOptions(false);
            line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpLayout::commands);
            line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpLayout::options);
            usage.commandListHeading("");
        });
        UsageMessageSpec usage = root.getCommandSpec().usageMessage();
        usage.exitCodeListHeading("%nExit codes%n");
        Map<String, String> codes = new LinkedHashMap<>();
        ExitCode.TABLE.forEach(row -> codes.put("  " + row.code(), row.meaning()));
        usage.exitCodeList(codes);
        usage.optionListHeading("");
    }

    /** Returns the command line itself and all its commands. */
    static List<CommandLine> all(CommandLine root) {
        return Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
                .toList();
    }

    private static String commands(Help help) {
        Map<String, CommandLine> commands = help.commandSpec().subcommands();
        if (commands.isEmpty()) {
            return "";
        }
        int width = help.commandSpec().usageMessage().width();
        int name = commands.keySet().stream().mapToInt(String::length).max().orElse(0) + 4;
        StringBuilder text = new StringBuilder();
        COMMANDS.forEach((heading, names) -> {
            text.append(String.format("%n")).append(heading).append(String.format("%n"));
            Help.TextTable table = Help.TextTable.forColumns(
                    help.colorScheme(),
                    new Help.Column(name, 2, Help.Column.Overflow.SPAN),
                    new Help.Column(width - name, 0, Help.Column.Overflow.WRAP));
            for (String each : names) {
                String[] description =
                        commands.get(each).getCommandSpec().usageMessage().description();
                table.addRowValues(
                        help.colorScheme().commandText(each),
                        help.colorScheme().text(description.length == 0 ? "" : description[0]));
            }
            text.append(table);
        });
        return text.toString();
    }

    private static String options(Help help) {
        StringBuilder text = new StringBuilder();
        groups(help.commandSpec()).forEach((heading, options) -> {
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(options, help.parameterLabelRenderer());
            text.append(String.format("%n"))
                    .append(heading)
                    .append(String.format("%n"))
                    .append(layout);
        });
        return text.toString();
    }

    /** Groups the options of a command by purpose. */
    static Map<String, List<OptionSpec>> groups(CommandSpec command) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        for (String heading : List.of("Options", "View", "Filters", "On every command")) {
            groups.put(heading, new ArrayList<>());
        }
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                groups.get(group(option)).add(option);
            }
        }
        return groups.entrySet().stream()
                .filter(group -> !group.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static String group(OptionSpec option) {
        Class<?> declared = option.userObject() instanceof Member member ? member.getDeclaringClass() : null;
        if (declared == Question.class) {
            return "Filters";
        }
        if (option.userObject() == null) {
            // Those of the vocabulary belong to no field.
            return ProfileFilter.PARAMETERS.contains(option.longestName().substring(2)) ? "Filters" : "View";
        }
        return declared == Shared.class || declared == Output.class || option.usageHelp() || option.versionHelp()
                ? "On every command"
                : "Options";
    }
}
