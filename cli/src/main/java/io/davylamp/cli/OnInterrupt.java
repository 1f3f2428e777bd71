package io.davylamp.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Prints a message when Ctrl-C, or a signal to end, comes before {@link #close}: what continues without this command, and how to stop it.
 */
final class OnInterrupt implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();

    private OnInterrupt(Supplier<String> text) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (over.compareAndSet(false, true)) {
                                // Behind the "^C" that the terminal has written.
                                System.err.print(Terminal.isErr() ? "\r\033[K" : "");
                                Terminal.say(text.get());
                            }
                        },
                        "interrupted"));
    }

    /** @param text lines for people, without an end of line; it must not wait for anything */
    static OnInterrupt say(Supplier<String> text) {
        return new OnInterrupt(text);
    }

    @Override
    public void close() {
        over.set(true);
    }
}
