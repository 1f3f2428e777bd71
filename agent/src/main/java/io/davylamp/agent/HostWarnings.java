package io.davylamp.agent;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Keeps newer JVMs from printing warnings about us into the host's console: from JDK 24 on they warn once of {@code
 * System.load} and once of {@code sun.misc.Unsafe}, which protobuf uses. Whoever started the host with these things forbidden
 * is obeyed: then the agent says that it is unable. docs/adr/0005 tells why it is done like this.
 */
final class HostWarnings {
    private HostWarnings() {}

    /** Does what the JVM at hand needs, before anything of ours is loaded that it would warn of. */
    static void prevent(JdkAccess jdk) {
        Quietly.run(AgentLog.NONE, "unsafe", HostWarnings::preventUnsafe);
        Quietly.run(AgentLog.NONE, "native access", () -> preventNativeAccess(jdk));
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

    private static void preventNativeAccess(JdkAccess jdk) throws ReflectiveOperationException {
        if (ManagementFactory.getRuntimeMXBean().getInputArguments().contains("--illegal-native-access=deny")) {
            return;
        }
        Method enable;
        try {
            enable = Class.forName("java.lang.Module").getDeclaredMethod("implAddEnableNativeAccessToAllUnnamed");
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            return; // an older JVM, which does not warn
        }
        jdk.open("java.lang");
        enable.setAccessible(true);
        enable.invoke(null);
    }
}
