package io.davylamp.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the agent's jar. */
final class AgentJar {
    private AgentJar() {}

    /** @param given what the user said, or null for the one of the download */
    static Path path(String given) {
        Path jar = given == null
                ? Path.of(System.getProperty("davy.home", "."), "agent", "davylamp-agent.jar")
                : Path.of(given);
        if (!Files.isReadable(jar)) {
            throw new CommandException(
                    ExitCode.NOT_FOUND, "there is no agent jar at " + jar.toAbsolutePath() + "; name it with --agent");
        }
        return jar.toAbsolutePath();
    }
}
