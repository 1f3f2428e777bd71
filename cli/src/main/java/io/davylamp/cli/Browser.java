package io.davylamp.cli;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Shows an address in the browser of whoever uses this machine, if there is one. */
final class Browser {
    private Browser() {}

    /** Prints the address, and starts a browser with it; whether that works, nobody knows. */
    static void show(URI address) {
        Terminal.say("davy: allow davy in the browser; if none opens, go to");
        // Not wrapped: it is copied, or clicked.
        System.err.println("  " + address);
        List<String> command = command();
        if (command.isEmpty()) {
            return;
        }
        try {
            List<String> whole = Stream.concat(command.stream(), Stream.of(address.toString()))
                    .toList();
            new ProcessBuilder(whole)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // The address is on the terminal.
        }
    }

    /** Without a desktop a browser would take the terminal. */
    private static List<String> command() {
        String own = System.getenv("BROWSER");
        if (own != null && !own.isBlank()) {
            return List.of(own);
        }
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return List.of("open");
        }
        if (system.startsWith("windows")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler");
        }
        return System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null
                ? List.of()
                : List.of("xdg-open");
    }
}
