package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                .hasMessageContaining("no process id");
    }
}
