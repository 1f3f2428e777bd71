package io.davylamp.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostWarningsTest {
    /** A JVM as the agent finds it. */
    private static final class Jvm implements HostWarnings.Native {
        private final int feature;
        private boolean enabled;
        private boolean denied;
        private boolean ignoresUs;
        private boolean named = true;

        Jvm(int feature) {
            this.feature = feature;
        }

        @Override
        public int feature() {
            return feature;
        }

        @Override
        public boolean isEnabled() throws ReflectiveOperationException {
            if (feature < 22) {
                throw new NoSuchMethodException("isNativeAccessEnabled");
            }
            return enabled;
        }

        @Override
        public boolean isDenied() {
            return denied;
        }

        @Override
        public void enable() throws ReflectiveOperationException {
            if (!named) {
                throw new NoSuchMethodException("enableNativeAccessToAllUnnamed");
            }
            enabled = !ignoresUs;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 11, 17, 21, 22, 23})
    void aJvmThatDoesNotWarnIsLeftAlone(int feature) {
        Jvm jvm = new Jvm(feature);

        assertThat(HostWarnings.prevent(jvm)).isEmpty();
        assertThat(jvm.enabled).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 25, 26, 27, 99})
    void aJvmThatWarnsIsAskedNotTo(int feature) {
        Jvm jvm = new Jvm(feature);

        assertThat(HostWarnings.prevent(jvm)).isEmpty();
        assertThat(jvm.enabled).isTrue();
    }

    @Test
    void whereNoWayIsFoundTheProfilerIsNotLoadedAndTheReasonSaysWhatToDo() {
        Jvm renamed = new Jvm(28);
        renamed.named = false;
        Jvm deaf = new Jvm(28);
        deaf.ignoresUs = true;

        assertThat(HostWarnings.prevent(renamed))
                .contains("Java 28", "warning", "NoSuchMethodException", "--enable-native-access=ALL-UNNAMED");
        assertThat(HostWarnings.prevent(deaf)).contains("Java 28", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void whoForbidsNativeCodeIsObeyedUnlessItIsEnabledAllTheSame() {
        Jvm jvm = new Jvm(25);
        jvm.denied = true;
        assertThat(HostWarnings.prevent(jvm))
                .contains("--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED");
        assertThat(jvm.enabled).isFalse();

        jvm.enabled = true;
        assertThat(HostWarnings.prevent(jvm)).isEmpty();
    }

    /** As in JDK 24 and 25. */
    static final class Module25 {
        Module25 implAddEnableNativeAccess() {
            return this;
        }

        static void implAddEnableNativeAccessToAllUnnamed() {}
    }

    /** As in JDK 26 and 27. */
    static final class Module26 {
        Module26 implAddEnableNativeAccess() {
            return this;
        }

        static void addEnableNativeAccessToAllUnnamed() {}

        static void addExportsToAllUnnamed0(Module26 from, String name) {
            throw new IllegalStateException(from + name);
        }
    }

    /** As in JDK 11, which knows nothing of it. */
    static final class Module11 {
        static void addExportsToAllUnnamed() {}

        void enableNativeAccessToAllUnnamed() {}
    }

    private static final Map<String, Class<?>> MODULES =
            Map.of("11", Module11.class, "25", Module25.class, "26", Module26.class);

    @ParameterizedTest
    @CsvSource({"25, implAddEnableNativeAccessToAllUnnamed", "26, addEnableNativeAccessToAllUnnamed"})
    void theMethodIsFoundUnderEachOfItsNames(String jdk, String name) throws Exception {
        assertThat(HostWarnings.enabling(MODULES.get(jdk)).getName()).isEqualTo(name);
    }

    @Test
    void noOtherMethodIsTakenForIt() {
        assertThatThrownBy(() -> HostWarnings.enabling(Module11.class)).isInstanceOf(NoSuchMethodException.class);
    }

    @Test
    void theJdkThatRunsThisHasItWhenItWarns() throws Exception {
        if (Runtime.version().feature() >= 24) {
            assertThat(HostWarnings.enabling(Module.class)).isNotNull();
        } else {
            assertThat(HostWarnings.prevent(new JdkAccess(null))).isEmpty();
        }
    }
}
