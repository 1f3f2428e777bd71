package io.davylamp.agent.host;

import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** The properties of host and JVM that the agent sends. No command line, no system properties, no environment: they hold secrets. */
public final class HostProperties {
    private HostProperties() {}

    public static Map<String, String> read() {
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        String name = runtime.getName();
        int at = name.indexOf('@');
        Map<String, String> properties = new LinkedHashMap<>();
        put(properties, "host", at < 0 ? "" : name.substring(at + 1));
        put(properties, "pid", at < 0 ? name : name.substring(0, at));
        put(properties, "jvm", System.getProperty("java.vm.name"));
        put(properties, "java", System.getProperty("java.version"));
        put(properties, "vendor", System.getProperty("java.vendor"));
        put(properties, "os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        put(properties, "arch", System.getProperty("os.arch"));
        put(properties, "cpus", String.valueOf(Runtime.getRuntime().availableProcessors()));
        put(properties, "started", String.valueOf(runtime.getStartTime()));
        return properties;
    }

    private static void put(Map<String, String> properties, String key, String value) {
        properties.put(key, value == null ? "" : value);
    }
}
