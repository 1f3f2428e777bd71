package io.davylamp.store.jdbc;

import io.davylamp.core.signal.Changes;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers of a PostgreSQL database what changed, and this one what they tell: LISTEN and NOTIFY. A wake-up only: what
 * is lost here is found by those who look at the store now and then. Thread-safe.
 *
 * <p>A change goes at once when none went just before; those of the next moments go together, each once. At most {@code MAX_WAITING}
 * wait, and further ones are dropped. One connection of its own listens; sending borrows a writer's.
 */
final class ChangeFeed implements Changes.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangeFeed.class);
    private static final String CHANNEL = "davylamp_changes";
    /** PostgreSQL takes less than 8000 bytes. */
    private static final int MAX_BYTES = 7_000;

    private static final int MAX_NAME_BYTES = 1_000;
    static final int MAX_WAITING = 5_000;
    private static final Duration TOGETHER = Duration.ofMillis(50);
    /** After a silence of this length the connection is tried. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final String id = UUID.randomUUID().toString();
    private final PostgresAccess access;
    private final Jdbi sending;
    private final Changes changes;
    private final Changes.Subscription subscription;
    private final Set<String> waiting = new LinkedHashSet<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread sender = thread("changes-out", this::send);
    private final Thread listener = thread("changes-in", this::listen);
    private volatile boolean closed;
    private volatile boolean listening;
    /** Null while there is none. */
    private volatile Connection connection;

    /** What a feed did since it was opened. */
    record Figures(boolean listening, long sent, long received, long dropped) {
        static final Figures NONE = new Figures(false, 0, 0, 0);
    }

    ChangeFeed(PostgresAccess access, Jdbi sending, Changes changes) {
        this.access = access;
        this.sending = sending;
        this.changes = changes;
        subscription = changes.relay(this);
        sender.start();
        listener.start();
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void task(String taskId) {
        put("t" + taskId);
    }

    @Override
    public void work(String instanceId) {
        put("w" + instanceId);
    }

    @Override
    public void instance(String service) {
        put("i" + service);
    }

    @Override
    public void access() {
        put("a");
    }

    private void put(String change) {
        if (change.indexOf('\n') >= 0 || change.length() > MAX_NAME_BYTES / 3) {
            return;
        }
        synchronized (waiting) {
            if (waiting.size() < MAX_WAITING) {
                waiting.add(PostgresText.clean(change));
                waiting.notifyAll();
            } else {
                dropped.increment();
            }
        }
    }

    private void send() {
        try {
            while (!closed) {
                String text = next();
                try {
                    sending.useHandle(handle -> handle.createQuery("SELECT pg_notify(:channel, :text)")
                            .bind("channel", CHANNEL)
                            .bind("text", text)
                            .mapTo(String.class)
                            .one());
                    sent.increment();
                    Thread.sleep(TOGETHER.toMillis());
                } catch (RuntimeException e) {
                    log.debug("changes cannot be told to the other servers now", e);
                    Thread.sleep(AGAIN.toMillis());
                }
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    private String next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            StringBuilder text = new StringBuilder(id);
            int bytes = id.length();
            for (Iterator<String> each = waiting.iterator(); each.hasNext(); ) {
                String change = each.next();
                bytes += 1 + change.getBytes(StandardCharsets.UTF_8).length;
                if (bytes > MAX_BYTES) {
                    break;
                }
                text.append('\n').append(change);
                each.remove();
            }
            return text.toString();
        }
    }

    private void listen() {
        boolean told = false;
        while (!closed) {
            try (Connection open = PostgresDialect.source(access).getConnection();
                    Statement statement = open.createStatement()) {
                connection = open;
                statement.execute("LISTEN " + CHANNEL);
                listening = true;
                if (told) {
                    log.info("changes of other servers are heard of at once again");
                    told = false;
                }
                hear(open.unwrap(PGConnection.class), statement);
            } catch (SQLException | RuntimeException e) {
                if (!closed && !told) {
                    told = true;
                    log.warn("changes of other servers are found by looking only, every two seconds: {}", e.toString());
                }
            } finally {
                listening = false;
                connection = null;
            }
            try {
                Thread.sleep(AGAIN.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void hear(PGConnection notices, Statement statement) throws SQLException {
        while (!closed) {
            PGNotification[] heard = notices.getNotifications((int) SILENCE.toMillis());
            if (heard == null || heard.length == 0) {
                statement.execute("SELECT 1");
                continue;
            }
            for (PGNotification each : heard) {
                received(each.getParameter());
            }
        }
    }

    private void received(String text) {
        String[] lines = text.split("\n", -1);
        if (lines[0].equals(id)) {
            return;
        }
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].isEmpty()) {
                continue;
            }
            received.increment();
            String name = lines[i].substring(1);
            try {
                switch (lines[i].charAt(0)) {
                    case 't' -> changes.fromElsewhere().task(name);
                    case 'w' -> changes.fromElsewhere().work(name);
                    case 'i' -> changes.fromElsewhere().instance(name);
                    case 'a' -> changes.fromElsewhere().access();
                    default -> {} // of a newer version
                }
            } catch (RuntimeException e) {
                log.warn("a change of another server could not be told", e);
            }
        }
    }

    Figures figures() {
        return new Figures(listening, sent.sum(), received.sum(), dropped.sum());
    }

    @Override
    public void close() {
        closed = true;
        subscription.close();
        sender.interrupt();
        listener.interrupt();
        Connection open = connection;
        if (open != null) {
            try {
                open.abort(Runnable::run);
            } catch (SQLException e) {
                log.debug("the listening connection was not closed", e);
            }
        }
    }
}
