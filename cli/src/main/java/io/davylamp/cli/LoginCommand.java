package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "login",
        description = "Sign in to a server with a password, a token or a browser.",
        footer =
                "Password and token are asked for, or read from the input's first line. Where people sign in at an identity"
                        + " provider, a browser of this machine opens, whose page asks whether davy may act for you. What"
                        + " signs in is kept for you alone, until `davy logout`. A token in DAVY_TOKEN goes before it.",
        mixinStandardHelpOptions = true)
final class LoginCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "who signs in; asked for if it is missing")
    private String name;

    @Option(names = "--token", description = "sign in with a token instead of a password")
    private boolean token;

    @Option(names = "--browser", description = "sign in with a browser instead of a password")
    private boolean browser;

    @Override
    public Integer call() throws IOException {
        if (token && browser || browser && name != null) {
            throw new CommandException(
                    ExitCode.USAGE, "--browser goes without --token and without a name: the page knows who you are");
        }
        URI server = shared.address();
        RestClient anybody = new RestClient(server, null);
        String way = anybody.get("/api/v1/me").path("signIn").asText();
        if (way.equals("none")) {
            Terminal.print("Nobody needs to sign in at " + server + ".");
            return ExitCode.OK;
        }
        if (!token && way.equals("token")) {
            throw new CommandException(
                    ExitCode.REFUSED, "only tokens sign in to " + server + "; `davy login --token` takes one");
        }
        boolean inBrowser = browser || !token && !way.equals("password");
        if (inBrowser && name != null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "people sign in to " + server + " with a browser; `davy login` without a name opens one");
        }
        if (!server.getScheme().equalsIgnoreCase("https") && !isHere(server)) {
            Terminal.say("davy: the way to " + server + " is not encrypted; others can read what signs you in");
        }
        Credential credential = inBrowser
                ? new BrowserSignIn(anybody, Browser::show).run()
                : token
                        ? Credential.of(false, secret("Token: ").strip(), "what you typed")
                        : anybody.signIn(name(), secret("Password: "));
        JsonNode me = new RestClient(server, credential).get("/api/v1/me");
        if (!me.path("signedIn").asBoolean()) {
            throw new CommandException(ExitCode.REFUSED, server + " does not know this token, or it has ended");
        }
        SavedLogins.ofUser().put(server, credential);
        if (shared.json) {
            shared.printJson(me);
        } else {
            Terminal.print("Signed in to " + server + " as " + me.path("name").asText() + ": "
                    + TaskText.joined(me.path("grants")));
        }
        return ExitCode.OK;
    }

    private static boolean isHere(URI server) {
        try {
            return InetAddress.getByName(server.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // the request will tell
        }
    }

    private String name() {
        Console console = System.console();
        if (name == null && console != null) {
            name = console.readLine("Name: ");
        }
        if (name == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "say who signs in: `davy login NAME`, `davy login --token`, or `davy login --browser`");
        }
        return name;
    }

    private static String secret(String prompt) throws IOException {
        Console console = System.console();
        if (console != null) {
            char[] typed = console.readPassword(prompt);
            if (typed != null) {
                return String.valueOf(typed);
            }
        } else {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line != null) {
                return line;
            }
        }
        throw new CommandException(
                ExitCode.USAGE,
                "nothing was typed; send the secret as the first line of the input, never as an argument");
    }
}
