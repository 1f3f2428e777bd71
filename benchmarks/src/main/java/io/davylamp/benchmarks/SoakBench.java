package io.davylamp.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Many tasks one after the other in one JVM: what would be left behind by each shows in the end. */
final class SoakBench {
    private static final String EVENTS = "\"cpu\", \"alloc\", \"lock\"";
    private static final int FIRST = 10;
    private static final int STEPS = 10;

    private SoakBench() {}

    static void run(int tasks) throws Exception {
        Path folder = Files.createTempDirectory("davylamp-agents");
        try (ServerProcess server = ServerProcess.start("");
                ShopProcess shop = ShopProcess.start("service=shop,instance=one,server=127.0.0.1:" + server.agentPort()
                        + ",quota=24h,folder=" + folder)) {
            Thread visitor = new Thread(() -> visit(shop.port()), "visitor");
            visitor.setDaemon(true);
            visitor.start();
            System.out.printf(
                    "%8s %14s %10s %8s %14s %20s%n",
                    "tasks", "heap", "threads", "files", "resident", "files of the agent");
            print(0, shop, folder);
            for (int done = 1; done <= tasks; done++) {
                server.await(server.record("shop", "one", 1, EVENTS), "READY");
                if (done == FIRST || done % Math.max(1, tasks / STEPS) == 0) {
                    print(done, shop, folder);
                }
            }
        }
    }

    /** A little to do, so that there is something to record. */
    private static void visit(int port) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        try {
            while (true) {
                http.send(request, HttpResponse.BodyHandlers.discarding());
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (IOException | InterruptedException e) {
            // The shop has closed.
        }
    }

    private static void print(int tasks, ShopProcess shop, Path folder) throws IOException, InterruptedException {
        long heap = shop.heapBytes();
        long left;
        try (Stream<Path> files = Files.walk(folder)) {
            left = files.filter(Files::isRegularFile).count();
        }
        System.out.printf(
                "%8d %11d KB %10d %8d %11d KB %20d%n",
                tasks, heap >> 10, shop.status("Threads"), shop.files(), shop.status("VmRSS"), left);
    }
}
