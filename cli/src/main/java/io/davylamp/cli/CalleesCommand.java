package io.davylamp.cli;

import io.davylamp.profile.view.ViewKind;
import picocli.CommandLine.Command;

@Command(
        name = "callees",
        description = "What a method called, in tasks or in recordings on disk: a tree with that method at its root.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CalleesCommand extends MethodCommand {
    CalleesCommand() {
        super(ViewKind.CALLEES);
    }
}
