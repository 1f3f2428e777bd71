package io.davylamp.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shows on standard error what a command waits for. On a terminal it is one line, drawn again until {@link #close} removes it.
 * Elsewhere each new text is a line of its own without control characters, repeated every 15 s with the time that has passed.
 */
final class Progress implements AutoCloseable {
    /** Nobody notices a shorter wait. */
    static final long PATIENCE_MILLIS = 300;

    /** Without a terminal a short request needs no line. */
    private static final long PATIENCE_ELSEWHERE_MILLIS = 2_000;

    private static final long REDRAW_MILLIS = 200;
    private static final long REPEAT_MILLIS = 15_000;

    /** The wait that is shown; a wait inside of it shows nothing. */
    private static final AtomicReference<Progress> SHOWN = new AtomicReference<>();

    private final PrintStream err = System.err;
    private final boolean terminal;
    private final long patienceMillis;
    private final long startNanos = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::show, "progress");
    private volatile String doing;
    private volatile String note = "";
    private boolean drawn;

    private Progress(String doing, boolean terminal, long patienceMillis) {
        this.doing = doing;
        this.terminal = terminal;
        this.patienceMillis = patienceMillis;
        if (SHOWN.compareAndSet(null, this)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Begins a wait that is usually short: reading a file, a request to the server. */
    static Progress quick(String doing) {
        return new Progress(doing, Terminal.isErr(), Terminal.isErr() ? PATIENCE_MILLIS : PATIENCE_ELSEWHERE_MILLIS);
    }

    /** Begins a step that takes long: starting, attaching, downloading. */
    static Progress step(String doing) {
        return new Progress(doing, Terminal.isErr(), PATIENCE_MILLIS);
    }

    /** Changes the text: what the command does from now on. */
    void say(String now) {
        doing = now;
    }

    /** Sets the progress within the step; shown when the line is drawn again or repeated. */
    void note(String howFar) {
        note = ": " + howFar;
    }

    private void show() {
        try {
            if (ended.await(patienceMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
            String printed = "";
            long printedNanos = 0;
            do {
                String now = doing;
                long nanos = System.nanoTime();
                if (terminal) {
                    draw(now + note + seconds(nanos));
                } else if (!now.equals(printed)) {
                    err.println("davy: " + now + " ...");
                    printed = now;
                    printedNanos = nanos;
                } else if (nanos - printedNanos > TimeUnit.MILLISECONDS.toNanos(REPEAT_MILLIS)) {
                    err.println("davy: still " + now + note + seconds(nanos));
                    printedNanos = nanos;
                }
            } while (!ended.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String seconds(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos - startNanos);
        return seconds == 0 ? "" : ", " + seconds + " s";
    }

    private synchronized void draw(String line) {
        if (ended.getCount() > 0) {
            err.print("\r" + Text.cut("davy: " + line, Terminal.columns() - 1) + "\033[K");
            err.flush();
            drawn = true;
        }
    }

    @Override
    public synchronized void close() {
        ended.countDown();
        SHOWN.compareAndSet(this, null);
        if (drawn) {
            err.print("\r\033[K");
            err.flush();
            drawn = false;
        }
    }
}
