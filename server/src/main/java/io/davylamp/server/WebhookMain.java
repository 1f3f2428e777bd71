package io.davylamp.server;

import io.davylamp.server.settings.AgentVariables;
import io.davylamp.server.webhook.Injection;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * {@code davy webhook --certificate FILE --key FILE --image IMAGE --server HOST:PORT}: the mutating webhook of a Kubernetes
 * cluster; {@code davy webhook certificate FOLDER HOST...}: a certificate for it.
 */
public final class WebhookMain {
    private static final int WRONG_USE = 2;
    private static final int FAILED = 1;
    private static final String HELP = "; davy webhook --help lists the options";
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,500}");
    private static final Pattern SERVERS =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(;[!-~&&[^;,]]+)*");
    private static final Pattern NAME = Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?");

    private WebhookMain() {}

    /** What the arguments ask for. */
    record Asked(String host, int port, String certificate, String key, Injection injection) {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /** Does what the arguments ask for, and returns the exit code; a webhook runs until the process is told to end. */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        try {
            if (arguments.length > 0 && arguments[0].equals("certificate")) {
                certificate(List.of(arguments).subList(1, arguments.length), out);
                return 0;
            }
            Asked asked = asked(arguments);
            Webhook webhook = Webhook.open(
                    asked.host(), asked.port(), Path.of(asked.certificate()), Path.of(asked.key()), asked.injection());
            Runtime.getRuntime().addShutdownHook(new Thread(webhook::close, "stop"));
            out.println("Davylamp " + Version.VERSION + ": the webhook is ready at https://" + asked.host() + ":"
                    + webhook.port() + "/inject; agents connect to "
                    + asked.injection().server());
            webhook.awaitEnd();
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("davy webhook: " + e.getMessage());
            return WRONG_USE;
        } catch (StartException e) {
            err.println("davy webhook: " + e.getMessage());
            return FAILED;
        } catch (IOException e) {
            err.println("davy webhook: " + e);
            return FAILED;
        }
    }

    private static void certificate(List<String> words, PrintStream out) throws IOException {
        if (words.size() < 2 || words.get(0).startsWith("-")) {
            throw new IllegalArgumentException("certificate needs a folder and the host names of the webhook, such as:"
                    + " davy webhook certificate tls davylamp-webhook.davylamp.svc");
        }
        Path folder = Path.of(words.get(0));
        List<String> hosts = words.subList(1, words.size());
        WebhookCertificate made = WebhookCertificate.create(folder, hosts);
        Path certificate = folder.resolve(WebhookCertificate.CERTIFICATE_FILE);
        Path key = folder.resolve(WebhookCertificate.KEY_FILE);
        out.println("Wrote " + certificate + " and " + key + " for " + String.join(", ", hosts));
        out.println("Secret:   kubectl create secret tls davylamp-webhook --cert=" + certificate + " --key=" + key);
        out.println("caBundle: " + made.caBundle());
    }

    /** @throws IllegalArgumentException saying what is wrong and what is allowed */
    static Asked asked(String... arguments) {
        String host = "0.0.0.0";
        int port = 8443;
        String certificate = "";
        String key = "";
        String image = "";
        String server = "";
        String secret = "";
        String authorities = "";
        List<String> copy = List.of();
        SortedMap<String, String> variables = new TreeMap<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--host" -> host = value(arguments, ++i);
                case "--port" -> port = port(value(arguments, ++i));
                case "--certificate" -> certificate = value(arguments, ++i);
                case "--key" -> key = value(arguments, ++i);
                case "--image" -> image = value(arguments, ++i);
                case "--copy" -> copy = words(value(arguments, ++i));
                case "--server" -> server = value(arguments, ++i);
                case "--token-secret" -> secret = value(arguments, ++i);
                case "--ca-configmap" -> authorities = value(arguments, ++i);
                case "--variable" -> variable(value(arguments, ++i), variables);
                default -> throw new IllegalArgumentException("unknown argument \"" + arguments[i] + "\"" + HELP);
            }
        }
        require(IMAGE.matcher(image).matches(), "--image", image, "the name of the image with the agent's jar");
        require(SERVERS.matcher(server).matches(), "--server", server, "the server's agent port, HOST:PORT");
        require(NAME.matcher(secret).matches(), "--token-secret", secret, "the name of a Secret");
        require(NAME.matcher(authorities).matches(), "--ca-configmap", authorities, "the name of a ConfigMap");
        require(isFile(certificate), "--certificate", certificate, "a PEM file; davy webhook certificate makes one");
        require(isFile(key), "--key", key, "the PEM file of the certificate's key");
        return new Asked(
                host, port, certificate, key, new Injection(image, copy, server, secret, authorities, variables));
    }

    private static boolean isFile(String name) {
        return !name.isEmpty() && Files.isReadable(Path.of(name));
    }

    private static void require(boolean allowed, String option, String value, String meaning) {
        if (!allowed) {
            throw new IllegalArgumentException(
                    option + (value.isEmpty() ? " is missing" : " \"" + value + "\"") + ": it is " + meaning + HELP);
        }
    }

    private static List<String> words(String text) {
        return List.of(text.trim().split("\\s+"));
    }

    private static int port(String text) {
        require(text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535, "--port", text, "0 to 65535");
        return Integer.parseInt(text);
    }

    private static void variable(String assignment, SortedMap<String, String> variables) {
        int equals = assignment.indexOf('=');
        String name = equals < 0 ? assignment : assignment.substring(0, equals);
        if (equals < 1 || !AgentVariables.ALL.contains(name)) {
            throw new IllegalArgumentException("--variable " + name + ": write NAME=VALUE with one of "
                    + String.join(", ", AgentVariables.ALL.stream().sorted().toList()));
        }
        variables.put(name, assignment.substring(equals + 1));
    }

    private static String value(String[] arguments, int i) {
        if (i >= arguments.length) {
            throw new IllegalArgumentException(arguments[i - 1] + " needs a value" + HELP);
        }
        return arguments[i];
    }
}
