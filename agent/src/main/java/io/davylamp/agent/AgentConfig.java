package io.davylamp.agent;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the agent is told: {@code -javaagent:davylamp-agent.jar=service=shop,server=lamp:11800}, or the environment ({@code
 * DAVY_SERVICE} and so on, {@code DAVY_AGENT_CA} for {@code ca}). Arguments win.
 */
final class AgentConfig {
    static final int DEFAULT_PORT = 11800;
    private static final List<String> NAMES =
            Arrays.asList("service", "instance", "server", "token", "tls", "ca", "certificate", "key", "folder");
    /** These have words of their own in the environment, where they could mean anybody's. */
    private static final List<String> OF_AGENT = Arrays.asList("tls", "ca", "certificate", "key");

    final String service;
    final String instance;
    final String host;
    final int port;
    /** What the server asks for; empty when it asks for nothing. */
    final String token;

    final Tls tls;
    /** Where recordings wait and the log is. */
    final File folder;

    private AgentConfig(String service, String instance, String host, int port, String token, Tls tls, File folder) {
        this.service = service;
        this.instance = instance;
        this.host = host;
        this.port = port;
        this.token = token;
        this.tls = tls;
        this.folder = folder;
    }

    /** @throws IllegalArgumentException naming the argument that is wrong */
    static AgentConfig of(String arguments, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments == null ? new String[0] : arguments.split(",")) {
            if (argument.trim().isEmpty()) {
                continue;
            }
            int equals = argument.indexOf('=');
            String name = (equals < 0 ? argument : argument.substring(0, equals)).trim();
            if (equals < 0 || !NAMES.contains(name)) {
                throw new IllegalArgumentException("agent argument \"" + argument + "\": allowed are "
                        + String.join("=, ", NAMES) + "=, joined by commas");
            }
            given.put(name, argument.substring(equals + 1).trim());
        }
        String service = value(given, environment, "service", "unnamed-service");
        String instance = value(given, environment, "instance", defaultInstance(environment));
        String server = value(given, environment, "server", "127.0.0.1:" + DEFAULT_PORT);
        String folder = value(
                given,
                environment,
                "folder",
                new File(
                                System.getProperty("java.io.tmpdir", "/tmp"),
                                "davylamp-" + System.getProperty("user.name", "x"))
                        .getPath());
        int colon = server.lastIndexOf(':');
        // "[::1]:11800" has a port, "::1" and "[::1]" have none.
        boolean hasPort = colon > 0 && (server.indexOf(':') == colon || server.charAt(colon - 1) == ']');
        int port = DEFAULT_PORT;
        if (hasPort) {
            try {
                port = Integer.parseInt(server.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("server \"" + server + "\": the port must be 1 to 65535");
            }
        }
        return new AgentConfig(
                service,
                instance,
                hasPort ? server.substring(0, colon) : server,
                port,
                value(given, environment, "token", ""),
                Tls.of(
                        value(given, environment, "tls", "false"),
                        value(given, environment, "ca", ""),
                        value(given, environment, "certificate", ""),
                        value(given, environment, "key", "")),
                new File(folder));
    }

    private static String value(
            Map<String, String> given, Map<String, String> environment, String name, String otherwise) {
        String value = given.get(name);
        if (value == null || value.isEmpty()) {
            value = environment.get(
                    (OF_AGENT.contains(name) ? "DAVY_AGENT_" : "DAVY_") + name.toUpperCase(Locale.ROOT));
        }
        return value == null || value.trim().isEmpty() ? otherwise : value.trim();
    }

    private static String defaultInstance(Map<String, String> environment) {
        String vm = ManagementFactory.getRuntimeMXBean().getName(); // pid@host
        int at = vm.indexOf('@');
        String host = environment.get("HOSTNAME");
        host = host == null || host.isEmpty() ? (at < 0 ? "host" : vm.substring(at + 1)) : host;
        return host + "-" + (at < 0 ? vm : vm.substring(0, at));
    }
}
