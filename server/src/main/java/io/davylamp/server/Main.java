package io.davylamp.server;

import io.davylamp.core.store.StoreException;
import io.davylamp.profile.export.Rehearsal;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.davylamp.server.settings.SettingsException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code davy server [--config FILE] [--set NAME=VALUE]...} */
public final class Main {
    private static final int WRONG_USE = 2;
    private static final int CANNOT_START = 1;
    private static final long PATIENCE_MILLIS = 300;
    private static final int COLUMNS = 100;
    private static final int LEAST_COLUMNS = 60;

    private Main() {}

    public static void main(String[] arguments) {
        Path file = null;
        boolean stopWithStdin = false;
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--config" -> file = Path.of(value(arguments, ++i));
                case "--set" -> assignments.add(value(arguments, ++i));
                case "--stop-with-stdin" -> stopWithStdin = true;
                case "--help", "-h" -> {
                    help();
                    return;
                }
                default -> fail(WRONG_USE, "unknown argument \"" + arguments[i] + "\"; davy server --help lists them");
            }
        }
        // Logging is set up before another thread may log.
        LoggerFactory.getLogger(Main.class);
        Ahead ahead = Ahead.start();
        Server server;
        try {
            ServerConfig config = ServerConfig.of(Settings.of(file, System.getenv(), assignments));
            Thread patience = new Thread(Main::sayThatItStarts, "patience");
            patience.setDaemon(true);
            patience.start();
            server = Server.open(config, ahead::await);
            server.start();
            patience.interrupt();
        } catch (SettingsException e) {
            fail(WRONG_USE, e.getMessage());
            return;
        } catch (StartException | StoreException e) {
            fail(CANNOT_START, e.getMessage());
            return;
        } catch (IOException e) {
            fail(CANNOT_START, e.toString());
            return;
        }
        WarmUp warmUp = new WarmUp(server::isBusy, () -> new Rehearsal()::run);
        ServiceNotice notice = ServiceNotice.ofThisProcess();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            warmUp.stop();
                            stop(server, notice);
                        },
                        "stop"));
        announce(server, file, assignments);
        notice.ready("web and REST on port " + server.httpPort() + ", agents on port " + server.agentPort());
        warmUp.start();
        if (stopWithStdin) {
            awaitEndOfInput();
            System.exit(0);
        }
    }

    /** Prints a line when the start takes longer than people wait. */
    private static void sayThatItStarts() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
            System.err.println(
                    "davy server: starting; this takes some seconds, more on a slow machine or after an update ...");
        } catch (InterruptedException e) {
            // It is there already.
        }
    }

    /** Waits until the standard input ends: then the process that started the server is gone. */
    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // The same as its end.
        }
    }

    private static void announce(Server server, Path file, List<String> assignments) {
        Settings settings = Settings.of(file, System.getenv(), assignments);
        String http = settings.text(Setting.HTTP_HOST);
        String agent = settings.text(Setting.AGENT_HOST);
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        System.out.printf(
                Locale.ROOT,
                "Davylamp %s is ready after %.1f s. Data: %s%n",
                Version.VERSION,
                millis / 1000.0,
                server.dataFolder());
        String page = (settings.text(Setting.HTTP_TLS_CERTIFICATE).isEmpty() ? "http" : "https") + "://" + http + ":"
                + server.httpPort() + settings.text(Setting.HTTP_BASE_PATH);
        System.out.printf("  web and REST   %s/   %s%n", page, reach("http", http));
        System.out.printf("  documentation  %s/docs/%n", page);
        System.out.printf("  agents (gRPC)  %s:%d   %s%n", agent, server.agentPort(), reach("agent", agent));
    }

    private static String reach(String name, String host) {
        return Server.isLoopback(host)
                ? "(this machine only; " + name + ".host changes that)"
                : "(open to the network)";
    }

    private static void stop(Server server, ServiceNotice notice) {
        notice.stopping();
        try {
            server.close();
        } catch (IOException e) {
            Logger log = LoggerFactory.getLogger(Main.class);
            log.error("the stop was not clean", e);
        }
    }

    private static String value(String[] arguments, int i) {
        if (i >= arguments.length) {
            fail(WRONG_USE, arguments[i - 1] + " needs a value");
        }
        return arguments[i];
    }

    private static void fail(int code, String message) {
        System.err.println("davy server: " + message);
        // Not exit: no hook is registered yet, and libraries' threads must not keep us.
        Runtime.getRuntime().halt(code);
    }

    private static void help() {
        int columns = columns();
        wrapped("Usage: ", "davy server [--config FILE] [--set NAME=VALUE]... [--stop-with-stdin]", columns);
        wrapped(
                "",
                "Runs the server until it is stopped; with --stop-with-stdin also until its standard input ends.",
                columns);
        System.out.println();
        wrapped(
                "",
                "Settings, for --set, for a YAML file, or for the environment, where http.port is DAVY_HTTP_PORT;"
                        + " defaults in parentheses:",
                columns);
        for (Setting setting : Setting.values()) {
            String given = setting.defaultText().isEmpty() ? "" : " (" + setting.defaultText() + ")";
            wrapped(String.format("  %-24s ", setting.key()), setting.meaning() + given, columns);
        }
    }

    private static int columns() {
        String columns = System.getenv().getOrDefault("COLUMNS", System.getProperty("davy.columns", ""));
        return columns.matches("[1-9][0-9]{1,2}") ? Math.max(LEAST_COLUMNS, Integer.parseInt(columns)) : COLUMNS;
    }

    /** Prints text wrapped between words, with further lines below the text of the first. */
    private static void wrapped(String head, String text, int columns) {
        StringBuilder line = new StringBuilder(head);
        String gap = "";
        for (String word : text.split(" ")) {
            if (line.length() + gap.length() + word.length() > columns && !gap.isEmpty()) {
                System.out.println(line);
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                gap = "";
            }
            line.append(gap).append(word);
            gap = " ";
        }
        System.out.println(line);
    }
}
