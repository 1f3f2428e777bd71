package io.davylamp.testbed;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes TCP connections on, to a target of several that is chosen by chance, and does to them what networks do: cuts, delays,
 * swallows. Two threads per connection, so for hundreds of them. Thread-safe.
 */
public final class TcpProxy implements Closeable {
    private static final int BACKLOG = 500;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int BUFFER_BYTES = 16 << 10;

    /** The longest sleep of a connection that is held, so that it sees what changes. */
    private static final int NAP_MILLIS = 20;

    private final ServerSocket listener;
    private final List<Integer> targets;
    private final Random random;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong untilCut = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean refuses;
    private volatile boolean swallows;
    private volatile int delayMillis;

    /** @param targets ports of this machine; one that refuses is passed over */
    public TcpProxy(List<Integer> targets, Random random) throws IOException {
        this.targets = List.copyOf(targets);
        this.random = random;
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Ends every connection there is. */
    public void cut() {
        broken.addAndGet(sockets.size() / 2); // there are two of each connection
        for (Socket socket : sockets) {
            close(socket);
        }
    }

    /** Connections that were cut so far. */
    public long cuts() {
        return broken.get();
    }

    /** Connections that clients made so far. */
    public long accepted() {
        return accepted.get();
    }

    /** Whether everything is cut and nothing let through. */
    public void refuse(boolean refuse) {
        refuses = refuse;
        if (refuse) {
            cut();
        }
    }

    /** Whether connections are taken and carry nothing, as behind a firewall that forgot them. */
    public void swallow(boolean swallow) {
        swallows = swallow;
    }

    /** How long each piece waits, in either direction; 0 for not at all. */
    public void delay(int millis) {
        delayMillis = millis;
    }

    /** Cuts the connection that carries the last of so many bytes from clients. */
    public void cutAfter(long bytes) {
        untilCut.set(bytes);
    }

    /** Passes everything on again. */
    public void heal() {
        refuses = false;
        swallows = false;
        delayMillis = 0;
        untilCut.set(Long.MAX_VALUE);
    }

    /** Bytes from clients so far. */
    public long passedBytes() {
        return passed.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                if (refuses) {
                    client.close();
                } else {
                    daemon(() -> connect(client));
                }
            } catch (IOException e) {
                // Closed, or the client was gone already.
            }
        }
    }

    private void connect(Socket client) {
        List<Integer> order = new ArrayList<>(targets);
        synchronized (random) {
            Collections.shuffle(order, random);
        }
        for (int port : order) {
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            } catch (IOException e) {
                close(server);
                continue;
            }
            sockets.add(client);
            sockets.add(server);
            daemon(() -> pass(client, server, true));
            pass(server, client, false);
            return;
        }
        close(client);
    }

    private void pass(Socket from, Socket to, boolean fromClient) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n; (n = in.read(buffer)) > 0; ) {
                hold(to);
                if (fromClient) {
                    passed.addAndGet(n);
                    if (untilCut.get() != Long.MAX_VALUE && untilCut.addAndGet(-n) < 0) {
                        untilCut.set(Long.MAX_VALUE);
                        broken.incrementAndGet();
                        return;
                    }
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One side closed: so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(from);
            close(to);
        }
    }

    private void hold(Socket to) throws InterruptedException {
        if (delayMillis > 0) {
            Thread.sleep(delayMillis);
        }
        while (swallows && !to.isClosed()) {
            Thread.sleep(NAP_MILLIS);
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed enough.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
