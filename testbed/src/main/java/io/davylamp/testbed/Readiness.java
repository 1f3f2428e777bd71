package io.davylamp.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** Remembers in which seconds a server of a cluster was ready, from its start to its end. */
final class Readiness implements AutoCloseable {
    private static final int PAUSE_MILLIS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<Long> ready = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();

    Readiness(Cluster cluster) {
        for (Node node : cluster.nodes()) {
            URI address = URI.create("http://127.0.0.1:" + node.httpPort() + "/ready");
            Thread thread = new Thread(() -> watch(address), "readiness");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void watch(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        try {
            while (true) {
                try {
                    if (http.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        ready.add(Instant.now().getEpochSecond());
                    }
                } catch (IOException e) {
                    // Not ready.
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // This is its end.
        }
    }

    /** In how many of the seconds from a moment on some server was ready. */
    long secondsReady(Instant from, Duration length) {
        return LongStream.range(from.getEpochSecond(), from.plus(length).getEpochSecond())
                .filter(ready::contains)
                .count();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
