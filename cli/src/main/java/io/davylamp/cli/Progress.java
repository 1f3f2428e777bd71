package io.davylamp.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Says on standard error what a command waits for. On a terminal it is one line, drawn again until {@link #close}, which takes it
 * away. Elsewhere each new text is a line of its own without control characters, and is repeated now and then with the time that
 * has passed.
 */
final class Progress implements AutoCloseable {
    /** A wait that is shorter is not noticed. */
    static final long PATIENCE_MILLIS = 300;

    /** Where nobody looks a short question needs no line. */
    private static final long PATIENCE_ELSEWHERE_MILLIS = 2_000;

    private static final long REDRAW_MILLIS = 200;
    private static final long REPEAT_MILLIS = 15_000;

    /** The wait that is shown; what is waited for within it shows nothing of its own. */
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

    /** A question that is answered in a moment as a rule: reading a file, asking the server. */
    static Progress quick(String doing) {
        return new Progress(doing, Terminal.isErr(), Terminal.isErr() ? PATIENCE_MILLIS : PATIENCE_ELSEWHERE_MILLIS);
    }

    /** A step that takes its time: starting, attaching, downloading. */
    static Progress step(String doing) {
        return new Progress(doing, Terminal.isErr(), PATIENCE_MILLIS);
    }

    /** What is done from now on. */
    void say(String now) {
        doing = now;
    }

    /** How far it is: shown while the line is drawn again, and when it is repeated. */
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
