package io.davylamp.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that connects whoever knows its password. */
final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final String credentials;
    private final List<String> connected = new CopyOnWriteArrayList<>();

    ConnectProxy(String user, String password) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        credentials = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        daemon(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    daemon(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Where it connected somebody to. */
    List<String> connected() {
        return connected;
    }

    private void serve(Socket client) {
        try (client) {
            List<String> head = new ArrayList<>();
            for (String line; !(line = line(client.getInputStream())).isEmpty(); ) {
                head.add(line);
            }
            String target = head.get(0).split(" ")[1];
            boolean known =
                    head.stream().anyMatch(line -> line.equalsIgnoreCase("Proxy-Authorization: Basic " + credentials));
            if (!head.get(0).startsWith("CONNECT ") || !known) {
                client.getOutputStream()
                        .write("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            connected.add(target);
            int colon = target.lastIndexOf(':');
            try (Socket server =
                    new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)))) {
                client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                daemon(() -> pass(server, client));
                pass(client, server);
            }
        } catch (IOException e) {
            // One side closed.
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b; (b = in.read()) >= 0 && b != '\n'; ) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side closed: so does the other.
        } finally {
            try {
                to.close();
            } catch (IOException e) {
                // It is closed.
            }
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
