package io.davylamp.agent.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import javax.net.SocketFactory;

/**
 * The sockets of one channel. gRPC has no bound for connecting nor for a handshake, and does not give them up with their channel:
 * here a connection comes about within a bound, and all end when we say so. Thread-safe.
 */
final class Sockets extends SocketFactory implements Closeable {
    private static final int CONNECT_MILLIS = 5_000;

    private final Set<Socket> open = new HashSet<>();
    private boolean closed;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        synchronized (open) {
            if (closed) {
                throw new IOException("the connection is not wanted any more");
            }
            open.removeIf(Socket::isClosed);
            open.add(socket);
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connect(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connect(new InetSocketAddress(host, port));
    }

    private Socket connect(InetSocketAddress to) throws IOException {
        Socket socket = createSocket();
        try {
            socket.connect(to, CONNECT_MILLIS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("nothing here chooses where it connects from");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("nothing here chooses where it connects from");
    }

    /** Ends all, also those that are still connecting. */
    @Override
    public void close() throws IOException {
        synchronized (open) {
            closed = true;
            for (Socket socket : open) {
                socket.close();
            }
            open.clear();
        }
    }
}
