package io.davylamp.cli;

import io.davylamp.profile.view.ViewKind;
import picocli.CommandLine.Command;

@Command(
        name = "callees",
        description = "Show the callees of a method as a tree, in tasks or local files.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CalleesCommand extends MethodCommand {
    CalleesCommand() {
        super(ViewKind.CALLEES);
    }
}
