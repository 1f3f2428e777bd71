package io.davylamp.agent.host;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.regex.Pattern;

/**
 * Keeps newer JVMs from printing a warning about us into the host's console: from JDK 24 on they warn once of {@code
 * System.load}. Whoever started the host with it forbidden is obeyed, and where no way is found that does not print, the
 * profiler is not loaded: then the agent says that it is unable. docs/adr/0005 tells why it is done like this.
 */
public final class HostWarnings {
    /** The first JVM that warns of {@code System.load}. */
    private static final int WARNING = 24;

    private static final String REMEDY = "; start it with --enable-native-access=ALL-UNNAMED";

    /** In {@code java.lang.Module}: implAddEnableNativeAccessToAllUnnamed to JDK 25, addEnableNativeAccessToAllUnnamed since. */
    private static final Pattern ENABLE = Pattern.compile("(?i).*enableNativeAccess.*allUnnamed");

    private HostWarnings() {}

    /**
     * Does what the JVM at hand needs, before the profiler's library is loaded.
     *
     * @return why that must not be loaded; empty when nothing is printed
     */
    public static String prevent(JdkAccess jdk) {
        return prevent(new Native() {
            @Override
            public int feature() {
                String version = System.getProperty("java.specification.version", "");
                return version.matches("[0-9]{1,4}") ? Integer.parseInt(version) : 0;
            }

            @Override
            public boolean isEnabled() throws ReflectiveOperationException {
                Object module = Class.class.getMethod("getModule").invoke(HostWarnings.class);
                return (Boolean)
                        module.getClass().getMethod("isNativeAccessEnabled").invoke(module);
            }

            @Override
            public boolean isDenied() {
                return ManagementFactory.getRuntimeMXBean()
                        .getInputArguments()
                        .contains("--illegal-native-access=deny");
            }

            @Override
            public void enable() throws ReflectiveOperationException {
                Method enable = enabling(Class.forName("java.lang.Module"));
                jdk.open("java.lang");
                enable.setAccessible(true);
                enable.invoke(null);
            }
        });
    }

    /** The setting of the JVM for native code that is called from outside modules; read only from JDK 24 on. */
    interface Native {
        int feature();

        boolean isEnabled() throws ReflectiveOperationException;

        /** Whether the host was started with that forbidden. */
        boolean isDenied();

        void enable() throws ReflectiveOperationException;
    }

    static String prevent(Native jvm) {
        if (jvm.feature() < WARNING) {
            return "";
        }
        String trouble = "it stayed as it was";
        try {
            if (jvm.isEnabled()) {
                return "";
            }
            if (jvm.isDenied()) {
                return "this JVM was started with --illegal-native-access=deny, so the profiler's library cannot be loaded"
                        + REMEDY;
            }
            jvm.enable();
            if (jvm.isEnabled()) {
                return "";
            }
        } catch (Throwable e) {
            trouble = e.toString();
        }
        return "this JVM (Java " + jvm.feature()
                + ") would print a warning into the application when the profiler's library is"
                + " loaded, and this version of the agent cannot prevent it (" + trouble + ")" + REMEDY;
    }

    /**
     * Finds the method that enables native code for all classes outside modules.
     *
     * @param module the JDK's class Module
     */
    static Method enabling(Class<?> module) throws NoSuchMethodException {
        for (Method method : module.getDeclaredMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    && method.getParameterTypes().length == 0
                    && ENABLE.matcher(method.getName()).matches()) {
                return method;
            }
        }
        throw new NoSuchMethodException("enableNativeAccessToAllUnnamed");
    }
}
