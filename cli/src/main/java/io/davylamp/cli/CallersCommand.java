package io.davylamp.cli;

import io.davylamp.profile.view.ViewKind;
import picocli.CommandLine.Command;

@Command(
        name = "callers",
        description = "Who called a method, in tasks or in recordings on disk: a tree with that method at its root.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CallersCommand extends MethodCommand {
    CallersCommand() {
        super(ViewKind.CALLERS);
    }
}
