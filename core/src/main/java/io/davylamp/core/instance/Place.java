package io.davylamp.core.instance;

import java.util.Locale;
import java.util.Map;

/**
 * The host of an instance, by its properties.
 *
 * @param host names the machine or the container; empty when it cannot be told from others
 * @param jvm names the process there: two instances may be one JVM
 * @param reports whether its agent {@linkplain Abilities#reports reports}
 */
public record Place(String host, String jvm, boolean reports) {
    private static final int MAX_CHARACTERS = 500;

    public static Place of(Instance instance) {
        Map<String, String> properties = instance.properties();
        String name = properties.getOrDefault("host", "").toLowerCase(Locale.ROOT);
        String pid = properties.getOrDefault("pid", "");
        // Names are not unique: machines that are one have one kernel too. It has its version in os.
        String host = name + "\n" + properties.getOrDefault("os", "") + "\n" + properties.getOrDefault("arch", "");
        String jvm = pid + "\n" + properties.getOrDefault("started", "");
        boolean told = !name.isBlank()
                && !name.equals("localhost")
                && !name.startsWith("localhost.")
                && !pid.isBlank()
                && host.length() + jvm.length() <= MAX_CHARACTERS;
        return new Place(told ? host : "", told ? jvm : "", instance.abilities().reports());
    }
}
