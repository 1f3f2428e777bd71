package io.davylamp.jfr;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * The event fields that hold secrets, and how much of a value says nothing secret. The only list of them: whoever scrubs a
 * recording goes by it. What is not listed stays: names of classes, methods and threads, paths, hosts, messages of exceptions.
 */
final class SecretFields {
    /** Says for each character of a value whether it must go; the second argument is the text of the event's {@code key}, or empty. */
    interface Rule extends BiFunction<String, String, boolean[]> {}

    private static final Rule ALL = (value, key) -> all(value);
    private static final Rule FIRST_WORD = (value, key) -> afterFirstWord(value);
    private static final Rule ARGUMENTS = (value, key) -> arguments(value);
    private static final Rule PROPERTY = (value, key) -> isHarmless(key) ? new boolean[value.length()] : all(value);

    /** By the event's name, then by the field's. */
    private static final Map<String, Map<String, Rule>> RULES = Map.ofEntries(
            Map.entry("jdk.InitialSystemProperty", Map.of("value", PROPERTY)),
            Map.entry("jdk.InitialEnvironmentVariable", Map.of("value", ALL)),
            Map.entry("jdk.InitialSecurityProperty", Map.of("value", ALL)),
            Map.entry("jdk.SecurityPropertyModification", Map.of("value", ALL)),
            Map.entry(
                    "jdk.JVMInformation",
                    Map.of("jvmArguments", ARGUMENTS, "jvmFlags", ARGUMENTS, "javaArguments", FIRST_WORD)),
            Map.entry("jdk.SystemProcess", Map.of("commandLine", FIRST_WORD)),
            Map.entry("jdk.ProcessStart", Map.of("command", FIRST_WORD)),
            Map.entry("jdk.JavaAgent", Map.of("options", ALL)),
            Map.entry("jdk.NativeAgent", Map.of("options", ALL)),
            Map.entry("jdk.StringFlag", Map.of("value", ALL)),
            Map.entry("jdk.StringFlagChanged", Map.of("oldValue", ALL, "newValue", ALL)),
            Map.entry("profiler.ProcessSample", Map.of("cmdLine", FIRST_WORD)));

    /** Which Java, on which system: what people look at a recording's properties for. */
    private static final Set<String> HARMLESS = Set.of(
            "file.encoding",
            "file.separator",
            "java.class.version",
            "java.runtime.name",
            "java.runtime.version",
            "java.specification.name",
            "java.specification.vendor",
            "java.specification.version",
            "java.vendor",
            "java.vendor.url",
            "java.vendor.url.bug",
            "java.vendor.version",
            "java.version",
            "java.version.date",
            "java.vm.compressedOopsMode",
            "java.vm.info",
            "java.vm.name",
            "java.vm.specification.name",
            "java.vm.specification.vendor",
            "java.vm.specification.version",
            "java.vm.vendor",
            "java.vm.version",
            "jdk.debug",
            "native.encoding",
            "os.arch",
            "os.name",
            "os.version",
            "path.separator",
            "sun.arch.data.model",
            "sun.cpu.endian",
            "sun.management.compiler",
            "sun.jnu.encoding",
            "user.language",
            "user.timezone");

    /** Options of the JVM that are numbers and switches. */
    private static final Pattern SAFE_OPTION = Pattern.compile(
            "-X(m[nsx]|ss)[0-9]{1,15}[kKmMgGtT]?|-XX:[+-][A-Za-z0-9]{1,100}|-XX:[A-Za-z0-9]{1,100}=[0-9.]{1,20}[kKmMgGtT%]?|-server|-client|-ea|-esa");
    /** The name of a property, or the jar of an agent; what follows is a value. */
    private static final Pattern NAMED = Pattern.compile(
            "(-D[A-Za-z0-9._-]{1,200}=|-javaagent:[^=]{1,1000}=?|-agentlib:[A-Za-z0-9_]{1,100}=?).*", Pattern.DOTALL);

    private SecretFields() {}

    /** The rules for the fields of an event; empty for most events. */
    static Map<String, Rule> of(String event) {
        return RULES.getOrDefault(event, Map.of());
    }

    private static boolean isHarmless(String key) {
        return HARMLESS.contains(key);
    }

    private static boolean[] all(String value) {
        boolean[] secret = new boolean[value.length()];
        java.util.Arrays.fill(secret, true);
        return secret;
    }

    /** The program stays, unless it says {@code NAME=value}. */
    private static boolean[] afterFirstWord(String value) {
        boolean[] secret = all(value);
        for (int i = 0; i < value.length() && value.charAt(i) > ' '; i++) {
            secret[i] = false;
            if (value.charAt(i) == '=') {
                break;
            }
        }
        return secret;
    }

    private static boolean[] arguments(String value) {
        boolean[] secret = all(value);
        int from = 0;
        while (from < value.length()) {
            int to = from;
            while (to < value.length() && value.charAt(to) > ' ') {
                to++;
            }
            int kept = from + keptOf(value.substring(from, to));
            for (int i = from; i < kept; i++) {
                secret[i] = false;
            }
            if (to < value.length()) {
                secret[to] = false; // the blank
            }
            from = to + 1;
        }
        return secret;
    }

    /** How many characters of an argument stay. */
    private static int keptOf(String argument) {
        if (SAFE_OPTION.matcher(argument).matches()) {
            return argument.length();
        }
        java.util.regex.Matcher named = NAMED.matcher(argument);
        return named.matches() ? named.end(1) : 0;
    }
}
