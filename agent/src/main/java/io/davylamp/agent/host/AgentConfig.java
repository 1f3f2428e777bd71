package io.davylamp.agent.host;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the agent is told: {@code -javaagent:davylamp-agent.jar=service=shop,server=lamp:11800}, or the environment ({@link
 * Setting#variable}). Arguments win. What is wrong is told to the server instead of ending the agent: {@link #problem}.
 * docs/reference/agent.md has all settings; a test holds it to this class.
 */
public final class AgentConfig {
    static final int DEFAULT_PORT = 11800;
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(k|m|g)?b?", Pattern.CASE_INSENSITIVE);

    /** Each thing that may be set, by its argument. */
    enum Setting {
        SERVICE("service", "unnamed-service"),
        INSTANCE("instance", "host and process id"),
        LABELS("labels", ""),
        SERVER("server", "127.0.0.1:11800"),
        FOLDER("folder", "davylamp-USER below the JVM's temporary folder"),
        TOKEN("token", ""),
        TOKEN_FILE("tokenFile", ""),
        TLS("tls", "false"),
        CA("ca", ""),
        CERTIFICATE("certificate", ""),
        KEY("key", ""),
        PROXY("proxy", ""),
        PROTOCOL("protocol", "auto"),
        EVENTS("events", "all"),
        ENGINE("engine", "auto"),
        MAX_DURATION("maxDuration", "1h"),
        QUOTA("quota", "8h"),
        OFF_FILE("offFile", "the file off in the folder"),
        MAX_RECORDING("maxRecording", "1g"),
        UPLOAD_RATE("uploadRate", "32m"),
        OUTBOX_SIZE("outboxSize", "2g"),
        OUTBOX_AGE("outboxAge", "7d"),
        LOG("log", "true");

        final String argument;
        /** The default; a description where it depends on the JVM. */
        final String fallback;

        Setting(String argument, String fallback) {
            this.argument = argument;
            this.fallback = fallback;
        }

        /** The six that everybody sets have short names; the others could mean anybody's. */
        String variable() {
            boolean isShort = ordinal() <= TOKEN.ordinal();
            return (isShort ? "DAVY_" : "DAVY_AGENT_") + name();
        }

        static Setting of(String argument) {
            for (Setting setting : values()) {
                if (setting.argument.equals(argument)) {
                    return setting;
                }
            }
            return null;
        }
    }

    /** The address of a server. */
    public static final class Address {
        public final String host;
        public final int port;

        Address(String host, int port) {
            this.host = host;
            this.port = port;
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** The protocol to use with the server. */
    public enum Protocol {
        /** {@link #STREAM}, or what the server and the network allow. */
        AUTO,
        STREAM,
        POLL,
        SKYWALKING
    }

    /** What records. */
    public enum Recorder {
        /** {@link #ASYNC_PROFILER}, or {@link #JFR} where its library cannot be loaded. */
        AUTO("auto"),
        ASYNC_PROFILER("async-profiler"),
        /** The JDK's own Flight Recorder. */
        JFR("jfr");

        private final String word;

        Recorder(String word) {
            this.word = word;
        }
    }

    private final Map<Setting, String> given = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    public final String service;
    public final String instance;
    /** What people say of this JVM to tell it from others; only what is allowed. */
    public final Map<String, String> labels;
    /** At least one; the next is tried when one does not answer. */
    public final List<Address> servers;
    /** The folder of waiting recordings and of the log. */
    public final File folder;

    public final Token token;
    public final Tls tls;
    /** Null for none. */
    public final Proxy proxy;

    public final Protocol protocol;
    /** Words of the events that may be recorded; empty for all. */
    public final Set<String> events;

    public final Recorder engine;

    public final long maxSeconds;
    /** Seconds of profiling within a day. */
    public final long quotaSeconds;
    /** While this file exists nothing is profiled. */
    public final File offFile;

    public final long maxRecordingBytes;
    public final long uploadBytesPerSecond;
    public final long outboxBytes;
    public final long outboxMillis;
    public final boolean log;

    private AgentConfig(String arguments, Map<String, String> environment) {
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.variable());
            if (value != null && !value.trim().isEmpty()) {
                given.put(setting, value.trim());
            }
        }
        for (String argument : arguments == null ? new String[0] : arguments.split(",")) {
            if (!argument.trim().isEmpty()) {
                take(argument);
            }
        }
        service = text(Setting.SERVICE, Setting.SERVICE.fallback);
        instance = text(Setting.INSTANCE, defaultInstance(environment));
        labels = Labels.of(text(Setting.LABELS, ""), remarks);
        servers = servers();
        folder = new File(text(
                Setting.FOLDER,
                new File(
                                System.getProperty("java.io.tmpdir", "/tmp"),
                                "davylamp-" + System.getProperty("user.name", "x"))
                        .getPath()));
        token = new Token(text(Setting.TOKEN, ""), text(Setting.TOKEN_FILE, ""));
        tls = tls();
        proxy = proxy();
        protocol = protocol();
        events = events();
        engine = engine();
        maxSeconds = seconds(Setting.MAX_DURATION);
        quotaSeconds = seconds(Setting.QUOTA);
        offFile = new File(text(Setting.OFF_FILE, new File(folder, "off").getPath()));
        maxRecordingBytes = bytes(Setting.MAX_RECORDING);
        uploadBytesPerSecond = bytes(Setting.UPLOAD_RATE);
        outboxBytes = bytes(Setting.OUTBOX_SIZE);
        outboxMillis = seconds(Setting.OUTBOX_AGE) * 1000;
        log = !text(Setting.LOG, Setting.LOG.fallback).equals("false");
    }

    public static AgentConfig of(String arguments, Map<String, String> environment) {
        return new AgentConfig(arguments, environment);
    }

    /** Returns the errors in the settings, as a sentence; empty when there is none. Wrong settings keep their defaults. */
    public String problem() {
        return String.join("; ", problems);
    }

    /** What is wrong in the settings and keeps nobody from profiling: a sentence each. */
    public List<String> remarks() {
        return Collections.unmodifiableList(remarks);
    }

    private void take(String argument) {
        int equals = argument.indexOf('=');
        Setting setting =
                equals < 0 ? null : Setting.of(argument.substring(0, equals).trim());
        if (setting == null) {
            StringBuilder names = new StringBuilder();
            for (Setting each : Setting.values()) {
                names.append(names.length() == 0 ? "" : ", ")
                        .append(each.argument)
                        .append('=');
            }
            // Not its value, which may be secret.
            problems.add("agent argument \"" + (equals < 0 ? argument : argument.substring(0, equals))
                    + "\": allowed are " + names + ", joined by commas");
        } else if (!argument.substring(equals + 1).trim().isEmpty()) {
            given.put(setting, argument.substring(equals + 1).trim());
        }
    }

    private String text(Setting setting, String otherwise) {
        return given.getOrDefault(setting, otherwise);
    }

    private void wrong(Setting setting, String allowed) {
        problems.add("agent setting " + setting.argument + " \"" + given.get(setting) + "\": allowed is " + allowed);
    }

    private long seconds(Setting setting) {
        Matcher given = DURATION.matcher(text(setting, setting.fallback));
        if (!given.matches() || Long.parseLong(given.group(1)) == 0) {
            wrong(setting, "a number above 0 with s, m, h or d, such as 30m");
            given = DURATION.matcher(setting.fallback);
            given.matches();
        }
        long unit = given.group(2).equals("s")
                ? 1
                : given.group(2).equals("m") ? 60 : given.group(2).equals("h") ? 3_600 : 86_400;
        return Long.parseLong(given.group(1)) * unit;
    }

    private long bytes(Setting setting) {
        Matcher given = SIZE.matcher(text(setting, setting.fallback));
        if (!given.matches() || Long.parseLong(given.group(1)) == 0) {
            wrong(setting, "a number above 0 with k, m or g, such as 32m");
            given = SIZE.matcher(setting.fallback);
            given.matches();
        }
        String unit = given.group(2) == null ? "" : given.group(2).toLowerCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : unit.equals("k") ? 10 : unit.equals("m") ? 20 : 30;
        return Long.parseLong(given.group(1)) << shift;
    }

    private List<Address> servers() {
        List<Address> addresses = new ArrayList<>();
        for (String server : text(Setting.SERVER, Setting.SERVER.fallback).split("[;,\\s]+")) {
            Address address = address(server, DEFAULT_PORT);
            if (address != null) {
                addresses.add(address);
            }
        }
        if (addresses.isEmpty() || problemWithServer) {
            wrong(Setting.SERVER, "HOST:PORT with a port from 1 to 65535, several joined by ;");
        }
        if (addresses.isEmpty()) {
            addresses.add(new Address("127.0.0.1", DEFAULT_PORT));
        }
        return Collections.unmodifiableList(addresses);
    }

    private boolean problemWithServer;

    private Address address(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        // "[::1]:11800" has a port, "::1" and "[::1]" have none.
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = hasPort ? text.substring(0, colon) : text;
        int port = defaultPort;
        if (hasPort) {
            try {
                port = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
        }
        if (host.isEmpty() || port < 1 || port > 65535) {
            problemWithServer = true;
            return null;
        }
        return new Address(host, port);
    }

    private Tls tls() {
        try {
            return Tls.of(
                    text(Setting.TLS, "false"),
                    text(Setting.CA, ""),
                    text(Setting.CERTIFICATE, ""),
                    text(Setting.KEY, ""));
        } catch (IllegalArgumentException e) {
            problems.add("agent setting " + e.getMessage());
            // Rather no connection than one that is not protected as somebody wanted.
            return Tls.of("true", "", "", "");
        }
    }

    private Proxy proxy() {
        String text = given.get(Setting.PROXY);
        if (text == null) {
            return null;
        }
        int at = text.lastIndexOf('@');
        String user = at < 0 ? "" : text.substring(0, at);
        boolean before = problemWithServer;
        Address address = address(text.substring(at + 1), 3128);
        problemWithServer = before;
        if (address == null || at >= 0 && user.indexOf(':') < 0) {
            problems.add("agent setting proxy: allowed is HOST:PORT or USER:PASSWORD@HOST:PORT");
            return null;
        }
        return new Proxy(address, user);
    }

    private Protocol protocol() {
        try {
            return Protocol.valueOf(text(Setting.PROTOCOL, "auto").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            wrong(Setting.PROTOCOL, "auto, stream, poll or skywalking");
            return Protocol.AUTO;
        }
    }

    private Recorder engine() {
        for (Recorder recorder : Recorder.values()) {
            if (recorder.word.equals(text(Setting.ENGINE, Setting.ENGINE.fallback))) {
                return recorder;
            }
        }
        wrong(Setting.ENGINE, "auto, async-profiler or jfr");
        return Recorder.AUTO;
    }

    private Set<String> events() {
        String text = text(Setting.EVENTS, Setting.EVENTS.fallback);
        if (text.equals("all")) {
            return Collections.emptySet();
        }
        Set<String> words = new LinkedHashSet<>();
        Set<String> unknown = new HashSet<>();
        for (String word : text.split("[+;,\\s]+")) {
            (AllowedOptions.EVENTS.contains(word) ? words : unknown).add(word);
        }
        if (!unknown.isEmpty() || words.isEmpty()) {
            wrong(
                    Setting.EVENTS,
                    "all, or some joined by +, of "
                            + AllowedOptions.EVENTS.stream().sorted().collect(Collectors.joining(", ")));
        }
        return words;
    }

    private static String defaultInstance(Map<String, String> environment) {
        String vm = ManagementFactory.getRuntimeMXBean().getName(); // pid@host
        int at = vm.indexOf('@');
        String host = environment.get("HOSTNAME");
        host = host == null || host.isEmpty() ? (at < 0 ? "host" : vm.substring(at + 1)) : host;
        return host + "-" + (at < 0 ? vm : vm.substring(0, at));
    }
}
