package io.davylamp.server;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.grpc.GrpcService;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the code of the ports while the database opens: each is about half of a start, and takes one processor. Logging must be set up
 * before.
 */
final class Ahead {
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();

    private Ahead() {}

    static Ahead start() {
        Ahead ahead = new Ahead();
        Thread thread = new Thread(ahead::load, "ahead");
        thread.setDaemon(true);
        thread.start();
        return ahead;
    }

    /** Waits until it has ended: two threads that load the same code in another order may wait for each other for ever. */
    void await() {
        loaded.join();
    }

    /** One of each kind of service that the ports have; the server is put together, and never started. */
    private void load() {
        Logger log = LoggerFactory.getLogger(Ahead.class);
        try {
            GrpcService.builder();
            Server.builder().http(0).annotatedService(new Nothing()).build();
        } catch (RuntimeException | LinkageError e) {
            log.debug("what is wrong shows at the start itself", e);
        } finally {
            loaded.complete(null);
        }
    }

    /** A service as those of REST. */
    static final class Nothing {
        @Get("/{nothing}")
        public HttpResponse nothing(@Param String nothing) {
            return HttpResponse.of(nothing);
        }
    }
}
