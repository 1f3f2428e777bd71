package io.davylamp.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Free ports of this machine. */
public final class Ports {
    /** Below those that Linux gives to outgoing connections, which would take one before the server does. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;

    /** Processes begin at different places. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports() {}

    /**
     * A port that nobody listens on. The same one comes again only after all others: some time passes until its server opens it, and
     * until then it must not be another's.
     */
    public static int free() {
        while (true) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue; // somebody has it
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
