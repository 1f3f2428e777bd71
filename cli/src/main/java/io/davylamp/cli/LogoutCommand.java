package io.davylamp.cli;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "logout",
        description = "End the session at a server, and forget what signed in.",
        mixinStandardHelpOptions = true)
final class LogoutCommand implements Callable<Integer> {
    @Mixin
    private Shared shared;

    @Override
    public Integer call() {
        URI server = shared.address();
        SavedLogins logins = SavedLogins.ofUser();
        Credential credential = logins.of(server).orElse(null);
        if (credential != null && credential.session()) {
            new RestClient(server, credential).post("/api/v1/logout", Map.of());
        }
        logins.remove(server);
        if (shared.json) {
            shared.printJson(Map.of("server", server.toString(), "signedOut", credential != null));
        } else {
            Terminal.print(
                    credential == null
                            ? "Nobody was signed in to " + server + "."
                            : credential.session()
                                    ? "Signed out of " + server + "."
                                    : "Forgot the token for " + server
                                            + "; it stays valid until it ends or is revoked.");
        }
        return ExitCode.OK;
    }
}
