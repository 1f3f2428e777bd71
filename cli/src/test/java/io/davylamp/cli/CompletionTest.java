package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts in the shells they are for; those that a machine does not have are reported as skipped. */
class CompletionTest {
    @TempDir
    Path folder;

    /** {@code ./davy test} installs the shells; a plain Maven build on a machine without them must not fail for that. */
    private static boolean isHere(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    private String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private String script(String shell) throws IOException {
        Ran ran = Ran.davy("completion", shell);
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        return Files.writeString(folder.resolve("davy." + shell), ran.out()).toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rec                 | record
            t                   | tasks task timeline threads token trust
            hot --mea           | --measure
            hot --span          | --span --span-min
            flame --format s    | speedscope
            completion ''       | bash zsh fish
            """)
    void bashCompletesCommandsOptionsAndTheirWords(String typed, String expected) throws Exception {
        List<String> words = new ArrayList<>(List.of("davy"));
        words.addAll(List.of(typed.split(" ")));

        String replies = run(
                "bash",
                "-c",
                "compopt() { :; }; source " + script("bash") + "; COMP_WORDS=(" + String.join(" ", words)
                        + "); COMP_CWORD=" + (words.size() - 1) + "; _complete_davy; echo ${COMPREPLY[@]}");

        assertThat(replies.trim().split("\\s+")).containsExactlyInAnyOrder(expected.split(" "));
    }

    @Test
    void zshCompletesCommands() throws Exception {
        String script = script("zsh");
        // ./davy test installs zsh where it can; a plain Maven build on a machine without it must not fail for that.
        assumeTrue(isHere("zsh"), "zsh is not installed; its script is not tried");

        run("zsh", "-n", script);
        assertThat(run(
                        "zsh",
                        "-f",
                        "-c",
                        "source " + script + " && print ${_comps[davy]} && COMP_WORDS=(davy rec) COMP_CWORD=1"
                                + " && _complete_davy && print $COMPREPLY"))
                .contains("record");
    }

    @Test
    void fishCompletesCommandsAndOptions() throws Exception {
        String script = script("fish");
        // ./davy test installs fish where it can; a plain Maven build on a machine without it must not fail for that.
        assumeTrue(isHere("fish"), "fish is not installed; its script is not tried");

        assertThat(run("fish", "--no-config", "-c", "source " + script + "; complete -C 'davy rec'"))
                .startsWith("record\t");
        assertThat(run("fish", "--no-config", "-c", "source " + script + "; complete -C 'davy hot --mea'"))
                .startsWith("--measure");
        assertThat(run("fish", "--no-config", "-c", "source " + script + "; complete -C 'davy flame --format spe'"))
                .contains("speedscope");
    }

    @Test
    void everyCommandAndOptionIsInTheScriptOfFish() throws IOException {
        String script = Files.readString(Path.of(script("fish")));

        Davy.commandLine().getSubcommands().forEach((name, command) -> {
            assertThat(script).contains("__fish_use_subcommand -a " + name + " -d ");
            command.getCommandSpec()
                    .options()
                    .forEach(option -> assertThat(script)
                            .contains(
                                    option.longestName().startsWith("--")
                                            ? " -l " + option.longestName().substring(2)
                                            : " -s "));
        });
    }
}
