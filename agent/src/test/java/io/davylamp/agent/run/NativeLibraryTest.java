package io.davylamp.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.agent.host.Unable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeLibraryTest {
    /** 0 is a JVM that does not tell. */
    @ParameterizedTest
    @ValueSource(ints = {0, 8, 11, 17, 21, 25, 26, 27})
    void isLoadedIntoEveryJavaThatItWasRunOn(int feature) {
        assertThat(NativeLibrary.unknown(feature).isEmpty()).isTrue();
    }

    /** async-profiler 4.6 ends a JVM of Java 28 with SIGSEGV while it is loaded. */
    @Test
    void isNotLoadedIntoANewerOne() {
        Unable unable = NativeLibrary.unknown(28);

        assertThat(unable.code).isEqualTo(Unable.PLATFORM);
        assertThat(unable.reason).contains("is for Java up to 27, and this is Java 28", "not loaded");
    }
}
