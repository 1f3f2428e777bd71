package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ManPagesTest {
    private final Map<String, String> pages = ManPages.all("1.2.3");

    @Test
    void everyCommandHasOneWithItsOptionsAndTheExitCodes() {
        for (CommandLine command : HelpLayout.all(Davy.commandLine())) {
            String page = pages.get(command.getCommandSpec().qualifiedName("-") + ".1");

            assertThat(page).contains(".SH NAME\n", ".SH SYNOPSIS\n", ".SH EXIT STATUS\n", "davy 1.2.3");
            ExitCode.TABLE.forEach(
                    row -> assertThat(page).contains(row.meaning().replace("-", "\\-")));
            if (command.getSubcommands().isEmpty()) {
                command.getCommandSpec().options().stream()
                        .filter(option -> !option.hidden())
                        .forEach(option ->
                                assertThat(page).contains(option.longestName().replace("-", "\\-")));
            }
            assertThat(page).doesNotContain("${", "%n", "null");
        }
        Davy.commandLine()
                .getSubcommands()
                .keySet()
                .forEach(name -> assertThat(pages.get("davy.1")).contains(".B " + name));
    }

    @Test
    void everyCommandThatAsksQuestionsHasEachWordOfTheVocabulary() {
        for (String name : List.of("info", "hot", "flame", "callers", "callees", "timeline", "threads", "diff")) {
            CommandSpec command = Davy.commandLine().getSubcommands().get(name).getCommandSpec();
            if (!command.mixins().containsKey("question")) {
                continue; // it reads files as they are
            }
            for (List<Vocabulary.Word> words :
                    List.of(Vocabulary.all().query(), Vocabulary.all().filters())) {
                for (Vocabulary.Word word : words) {
                    assertThat(command.findOption("--" + word.word()))
                            .as("%s --%s", name, word.word())
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void manShowsThemWithoutAWarning(@TempDir Path folder) throws IOException, InterruptedException {
        // ./davy test installs groff; a plain Maven build on a machine without it must not fail for that.
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "groff is not installed; the pages are not typeset");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = Files.writeString(folder.resolve(page.getKey()), page.getValue());
            Process groff = new ProcessBuilder("groff", "-man", "-ww", "-Tutf8", "-rLL=60n", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(groff.waitFor()).isZero();
            assertThat(shown).doesNotContain("warning:", "error:").contains("an empty answer is an answer");
        }
    }
}
