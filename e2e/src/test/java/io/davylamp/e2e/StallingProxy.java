package io.davylamp.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP proxy that can stop passing on what the client sends after so many bytes, as a bad network does. */
final class StallingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int targetPort;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicLong allowed = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong passed = new AtomicLong();
    private volatile boolean broken;

    StallingProxy(int targetPort) throws IOException {
        this.targetPort = targetPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on only so many more bytes go from client to server, over all connections. */
    void allow(long bytes) {
        allowed.set(bytes);
    }

    /** Cuts every connection there is; new ones are let through. */
    void cut() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** Cuts every connection there is and lets none through, until it is called with false. */
    void isBroken(boolean isBroken) throws IOException {
        broken = isBroken;
        if (broken) {
            cut();
        }
    }

    /** Bytes that went from client to server so far. */
    long passed() {
        return passed.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (broken) {
                    client.close();
                    continue;
                }
                sockets.add(client);
                connect(client);
            } catch (IOException e) {
                // We are being closed.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            sockets.add(server);
            daemon(() -> pass(client, server, true));
            daemon(() -> pass(server, client, false));
        } catch (IOException e) {
            client.close(); // the server is down, and the client must see it
        }
    }

    private void pass(Socket from, Socket to, boolean limited) {
        byte[] buffer = new byte[8 << 10];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n; (n = in.read(buffer)) > 0; ) {
                while (limited && allowed.get() < n && !to.isClosed()) {
                    Thread.sleep(10);
                }
                if (limited) {
                    allowed.addAndGet(-n);
                    passed.addAndGet(n);
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            // One side closed: so does the other.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
