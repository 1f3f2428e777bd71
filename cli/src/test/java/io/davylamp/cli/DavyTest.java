package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class DavyTest {
    static Stream<String> commands() {
        return Davy.commandLine().getSubcommands().keySet().stream();
    }

    /** One that is asked for by its name is made without the others. */
    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsTheSameAloneAndAmongTheOthers(String name) {
        CommandLine among = Davy.commandLine().getSubcommands().get(name);

        assertThat(among.getCommandName()).isEqualTo(name);
        assertThat(Ran.davy(name, "--help").out()).isEqualTo(among.getUsageMessage());
    }
}
