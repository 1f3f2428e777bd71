package io.davylamp.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int PATIENCE_MILLIS = 60_000;

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket client = echo.accept();
                    Thread each = new Thread(() -> {
                        try (client) {
                            client.getInputStream().transferTo(client.getOutputStream());
                        } catch (IOException e) {
                            // Cut.
                        }
                    });
                    each.setDaemon(true);
                    each.start();
                } catch (IOException e) {
                    // The end of the test.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        // The first target refuses: nobody listens there.
        proxy = new TcpProxy(List.of(Ports.free(), echo.getLocalPort()), new Random(1));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static int echoed(Socket socket, int b) throws IOException {
        socket.getOutputStream().write(b);
        return socket.getInputStream().read();
    }

    /** Whether the connection ended: without a byte, or in a reset. */
    private static boolean isCut(Socket socket) {
        try {
            return echoed(socket, 1) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void passesOnToTheTargetThatListens() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (Socket socket = connect()) {
                assertThat(echoed(socket, i)).isEqualTo(i);
            }
        }
        assertThat(proxy.passedBytes()).isEqualTo(5);
    }

    @Test
    void cutsWhatThereIsAndTakesNewConnections() throws IOException {
        try (Socket before = connect()) {
            assertThat(echoed(before, 1)).isEqualTo(1);
            proxy.cut();
            assertThat(isCut(before)).isTrue();
        }
        try (Socket after = connect()) {
            assertThat(echoed(after, 2)).isEqualTo(2);
        }
    }

    @Test
    void refusesUntilItIsHealed() throws IOException {
        proxy.refuse(true);
        try (Socket refused = connect()) {
            assertThat(isCut(refused)).isTrue();
        }
        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(echoed(socket, 3)).isEqualTo(3);
        }
    }

    @Test
    void cutsTheConnectionThatCarriesTheLastByteAllowed() throws IOException {
        proxy.cutAfter(2);
        try (Socket socket = connect()) {
            assertThat(echoed(socket, 1)).isEqualTo(1);
            assertThat(echoed(socket, 2)).isEqualTo(2);
            assertThat(isCut(socket)).isTrue();
        }
        try (Socket socket = connect()) {
            assertThat(echoed(socket, 4)).isEqualTo(4);
        }
    }
}
