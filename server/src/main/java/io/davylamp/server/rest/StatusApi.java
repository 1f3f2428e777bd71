package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import io.davylamp.server.access.Caller;

/** The health and the settings of the server. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class StatusApi {
    private final ServerStatus status;

    StatusApi(ServerStatus status) {
        this.status = status;
    }

    @Get("/api/v1/status")
    public HttpResponse status() {
        return Json.ok(status.now(Caller.current().principal()));
    }
}
