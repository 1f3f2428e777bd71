package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.tools.attach.AgentLoadException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetJvmTest {
    @ParameterizedTest
    @CsvSource({
        "com.shop.Main --port 80, Main",
        "Main, Main",
        "/opt/shop/shop-1.2.3-SNAPSHOT.jar --debug, shop",
        "shop.jar, shop",
        "jdk.compiler/com.sun.tools.javac.Main, Main",
        "'', unnamed-service"
    })
    void aServiceIsCalledLikeItsMainClassOrJar(String command, String service) {
        assertThat(TargetJvm.service(command)).isEqualTo(service);
    }

    @Test
    void whatIsNoProcessIdIsRefused() {
        assertThatThrownBy(() -> TargetJvm.of("12; rm"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("not a process id");
    }

    @ParameterizedTest
    @CsvSource({
        "Agent JAR not found or no Agent-Class attribute, Agent JAR not found or no Agent-Class attribute",
        "100, the agent's jar cannot be opened from inside it (error 100)",
        "102, the agent's main class did not start (error 102)",
        "Failed to load agent library: 7, error 7 of the JVM"
    })
    void theNumbersOfOldJvmsAreExplained(String said, String why) {
        assertThat(TargetJvm.why(new AgentLoadException(said))).isEqualTo(why);
    }

    /** What the attach interfaces of JDK 17 and 25 make of the answer of a JVM of Java 8. */
    @ParameterizedTest
    @CsvSource({
        "0, true",
        "Failed to load agent library: 0, true",
        "100, false",
        "Failed to load agent library: 10, false",
        "Failed to load agent library, false",
        ", false"
    })
    void theAnswerOfAnOldJvmIsNoError(String said, boolean loaded) {
        assertThat(TargetJvm.isLoaded(new AgentLoadException(said))).isEqualTo(loaded);
    }
}
