package io.davylamp.agent.host;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The few places inside the JDK that the agent needs: since Java 9 only an agent may ask for them. */
public final class JdkAccess {
    private final Instrumentation instrumentation;

    public JdkAccess(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** Opens a package of {@code java.base} to the agent alone; nothing to do before Java 9. */
    void open(String packageName) throws ReflectiveOperationException {
        open(Object.class, packageName);
    }

    /** Opens a package to the agent alone, of the module to which {@code neighbour} belongs; nothing to do before Java 9. */
    public void open(Class<?> neighbour, String packageName) throws ReflectiveOperationException {
        Class<?> module;
        try {
            module = Class.forName("java.lang.Module");
        } catch (ClassNotFoundException e) {
            return;
        }
        Method moduleOf = Class.class.getMethod("getModule");
        Map<String, Set<Object>> toUs =
                Collections.singletonMap(packageName, Collections.singleton(moduleOf.invoke(JdkAccess.class)));
        Instrumentation.class
                .getMethod("redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class)
                .invoke(
                        instrumentation,
                        moduleOf.invoke(neighbour),
                        Collections.emptySet(),
                        toUs,
                        toUs,
                        Collections.emptySet(),
                        Collections.emptyMap());
    }

    /**
     * What the JVM tells of its agents to those who may attach to it: the place that the JDK's own management agent uses. No
     * system property of the host is touched for it.
     */
    public Properties agentProperties() throws ReflectiveOperationException {
        Class<?> support;
        try {
            support = Class.forName("jdk.internal.vm.VMSupport");
            open("jdk.internal.vm");
        } catch (ClassNotFoundException e) {
            support = Class.forName("sun.misc.VMSupport");
        }
        return (Properties) support.getMethod("getAgentProperties").invoke(null);
    }
}
