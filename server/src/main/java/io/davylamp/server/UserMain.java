package io.davylamp.server;

import io.davylamp.core.Ids;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.User;
import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.Passwords;
import io.davylamp.core.identity.Users;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.StoreException;
import io.davylamp.server.settings.Settings;
import io.davylamp.server.settings.SettingsException;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code davy user add|change|remove|list [NAME] [--grant GRANT]... [--config FILE] [--set NAME=VALUE]...}: users in the database
 * of a server, which may run meanwhile. Whoever can write the database needs no other permission.
 */
public final class UserMain {
    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;

    private UserMain() {}

    /** Whoever can write the database, by the name that the machine knows. */
    private static Principal console() {
        return new Principal(
                Principal.Kind.PERSON,
                "console",
                System.getProperty("user.name") + " with davy user",
                Principal.SYSTEM.grants());
    }

    public static void main(String[] arguments) {
        // Not a return: libraries' threads must not keep us.
        System.exit(run(arguments, System.getenv(), System.in, System.out, System.err));
    }

    /** What was asked for. */
    private record Asked(
            String deed, String name, List<Grant> grants, boolean password, Path config, List<String> assignments) {}

    /** Does it, and returns the exit code. */
    static int run(
            String[] arguments, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        try {
            Asked asked = asked(arguments);
            ServerConfig config = ServerConfig.of(Settings.of(asked.config(), environment, asked.assignments()));
            try (JdbcStore store = open(config)) {
                Clock clock = store.clock();
                Audited audit =
                        new AuditLog(store, new Ids(), clock, config.access().auditKept(), entry -> {});
                Users users = new Users(store, new Changes(), clock, new Passwords(), audit);
                return run(asked, users, in, out, err);
            }
        } catch (SettingsException | IllegalArgumentException e) {
            err.println("davy user: " + e.getMessage());
            return WRONG_USE;
        } catch (InvalidAccessException | StartException | StoreException | IOException e) {
            err.println("davy user: " + e.getMessage());
            return FAILED;
        }
    }

    private static Asked asked(String[] arguments) {
        List<String> words = new ArrayList<>();
        List<Grant> grants = new ArrayList<>();
        List<String> assignments = new ArrayList<>();
        Path config = null;
        boolean password = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--grant" -> grants.add(Grant.of(value(arguments, ++i)));
                case "--config" -> config = Path.of(value(arguments, ++i));
                case "--set" -> assignments.add(value(arguments, ++i));
                case "--password" -> password = true;
                default -> {
                    if (arguments[i].startsWith("-")) {
                        throw new IllegalArgumentException(
                                "unknown option \"" + arguments[i] + "\"; davy user --help lists them");
                    }
                    words.add(arguments[i]);
                }
            }
        }
        String deed = words.isEmpty() ? "" : words.get(0);
        if (!List.of("add", "change", "remove", "list").contains(deed)
                || words.size() != (deed.equals("list") ? 1 : 2)) {
            throw new IllegalArgumentException(
                    "say what to do: add NAME, change NAME, remove NAME, or list; davy user --help explains them");
        }
        return new Asked(deed, words.size() == 2 ? words.get(1) : "", grants, password, config, assignments);
    }

    private static String value(String[] arguments, int i) {
        if (i >= arguments.length) {
            throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
        }
        return arguments[i];
    }

    /** A server that runs has the folder's lock; its database takes other writers all the same. */
    private static JdbcStore open(ServerConfig config) throws IOException {
        if (config.database() == null && !Files.exists(config.dataFolder().resolve("davylamp.db"))) {
            DataFolder.open(config.dataFolder()).close(); // makes it
        }
        return Databases.open(config);
    }

    private static int run(Asked asked, Users users, InputStream in, PrintStream out, PrintStream err)
            throws IOException {
        Principal console = console();
        String unknown = "davy user: there is no user \"" + asked.name() + "\"; davy user list names them";
        switch (asked.deed()) {
            case "add" -> {
                if (asked.grants().isEmpty()) {
                    throw new IllegalArgumentException(
                            "a new user needs --grant, such as --grant \"admin *\" or --grant \"profiler checkout-*\"");
                }
                tell(out, "added ", users.add(console, asked.name(), password(in), asked.grants()));
            }
            case "change" -> {
                if (asked.grants().isEmpty() && !asked.password()) {
                    throw new IllegalArgumentException("say what to change: --password, or --grant for the new grants");
                }
                var changed = users.change(
                        console,
                        asked.name(),
                        asked.password() ? password(in) : null,
                        asked.grants().isEmpty() ? null : asked.grants());
                if (changed.isEmpty()) {
                    err.println(unknown);
                    return FAILED;
                }
                tell(out, "changed ", changed.get());
            }
            case "remove" -> {
                if (!users.remove(console, asked.name())) {
                    err.println(unknown);
                    return FAILED;
                }
                out.println("removed " + asked.name());
            }
            default -> users.all(console).forEach(user -> tell(out, "", user));
        }
        return 0;
    }

    private static void tell(PrintStream out, String did, User user) {
        out.println(did + user.name() + "  "
                + String.join(", ", user.grants().stream().map(Grant::toString).toList()));
    }

    /** Asks on the terminal without showing it; from a pipe it is the first line. Never an argument: others see those. */
    private static String password(InputStream in) throws IOException {
        Console console = in == System.in ? System.console() : null;
        if (console != null) {
            char[] first = console.readPassword("Password: ");
            char[] again = console.readPassword("The same again: ");
            if (first == null || again == null || !String.valueOf(first).equals(String.valueOf(again))) {
                throw new InvalidAccessException("the two passwords differ; nothing was changed");
            }
            return String.valueOf(first);
        }
        String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new InvalidAccessException(
                    "the password is missing; type it, or send it as the first line of the input");
        }
        return line;
    }
}
