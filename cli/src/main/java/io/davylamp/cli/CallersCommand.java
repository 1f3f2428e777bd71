package io.davylamp.cli;

import io.davylamp.profile.view.ViewKind;
import picocli.CommandLine.Command;

@Command(
        name = "callers",
        description = "Show the callers of a method as a tree, in tasks or local files.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CallersCommand extends MethodCommand {
    CallersCommand() {
        super(ViewKind.CALLERS);
    }
}
