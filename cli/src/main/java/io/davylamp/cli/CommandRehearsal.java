package io.davylamp.cli;

import io.davylamp.profile.export.Rehearsal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs commands on a small recording, and one for which there is no server, so that the JVM that runs this can keep an archive of the
 * classes they need: docs/adr/0034. Prints nothing.
 */
final class CommandRehearsal {
    /** Where nothing listens. */
    private static final String NOWHERE = "http://127.0.0.1:1";

    private CommandRehearsal() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        System.setOut(nowhere);
        System.setErr(nowhere);
        Path folder = Files.createTempDirectory("davy");
        Path recording = folder.resolve("rehearsal.jfr");
        Path picture = folder.resolve("rehearsal.html");
        try {
            Files.write(recording, Rehearsal.recording());
            commands(recording.toString(), picture.toString())
                    .forEach(command -> Davy.run(command.toArray(String[]::new)));
        } finally {
            Files.deleteIfExists(picture);
            Files.deleteIfExists(recording);
            Files.deleteIfExists(folder);
        }
    }

    private static List<List<String>> commands(String recording, String picture) {
        return List.of(
                List.of("hot", recording),
                List.of("hot", recording, "--measure", "alloc", "--json"),
                List.of("flame", recording, "-o", picture),
                List.of("flame", recording, "--format", "collapsed"),
                List.of("info", recording),
                List.of("timeline", recording),
                List.of("threads", recording),
                List.of("diff", recording, recording),
                List.of("services", "--server", NOWHERE),
                List.of("tasks", "--server", NOWHERE),
                List.of("hot", "--help"),
                List.of("--help"));
    }
}
