package io.davylamp.agent;

import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Keeps newer JVMs from printing warnings about us into the host's console: from JDK 24 on they warn once of {@code
 * System.load} and once of {@code sun.misc.Unsafe}, which protobuf uses. Whoever started the host with these things forbidden
 * is obeyed: then the agent says that it is unable. docs/adr/0005 tells why it is done like this.
 */
final class HostWarnings {
    private HostWarnings() {}

    /** Does what the JVM at hand needs, before anything of ours is loaded that it would warn of. */
    static void prevent(Instrumentation instrumentation) {
        Quietly.run(new AgentLog(null), "unsafe", HostWarnings::preventUnsafe);
        Quietly.run(new AgentLog(null), "native access", () -> preventNativeAccess(instrumentation));
    }

    private static void preventUnsafe() throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        for (Field field : unsafe.getDeclaredFields()) {
            if (field.getName().equals("memoryAccessWarned")) {
                field.setAccessible(true);
                field.setBoolean(null, true);
            }
        }
    }

    private static void preventNativeAccess(Instrumentation instrumentation) throws ReflectiveOperationException {
        if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains("--illegal-native-access=deny")) {
            return;
        }
        Class<?> module;
        Method enable;
        try {
            module = Class.forName("java.lang.Module");
            enable = module.getDeclaredMethod("implAddEnableNativeAccessToAllUnnamed");
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            return; // an older JVM, which does not warn
        }
        Method moduleOf = Class.class.getMethod("getModule");
        Map<String, Set<Object>> openToUs =
                Collections.singletonMap("java.lang", Collections.singleton(moduleOf.invoke(HostWarnings.class)));
        Instrumentation.class
                .getMethod("redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class)
                .invoke(
                        instrumentation,
                        moduleOf.invoke(Object.class),
                        Collections.emptySet(),
                        Collections.emptyMap(),
                        openToUs,
                        Collections.emptySet(),
                        Collections.emptyMap());
        enable.setAccessible(true);
        enable.invoke(null);
    }
}
