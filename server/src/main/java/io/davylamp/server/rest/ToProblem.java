package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.ExceptionHandlerFunction;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.profile.codec.DamagedProfileException;
import io.davylamp.profile.view.InvalidQueryException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From exception to status: the only such table of this door. */
final class ToProblem implements ExceptionHandlerFunction {
    private static final Logger log = LoggerFactory.getLogger(ToProblem.class);

    private final Seldom seldom = new Seldom();
    private final Faults faults = new Faults();

    @Override
    public HttpResponse handleException(ServiceRequestContext context, HttpRequest request, Throwable cause) {
        if (cause instanceof CompletionException && cause.getCause() != null) {
            return handleException(context, request, cause.getCause());
        }
        if (cause instanceof RequestTimeoutException || cause instanceof HttpResponseException) {
            return ExceptionHandlerFunction.fallthrough();
        }
        Optional<HttpResponse> ofClient = Faults.ofClient(cause).or(() -> faults.ofStore(cause));
        if (ofClient.isPresent()) {
            return ofClient.get();
        }
        if (cause instanceof ProblemException problem) {
            return Json.problem(problem.problem());
        }
        if (cause instanceof DeniedException denied) {
            return Json.problem(Problem.of(HttpStatus.FORBIDDEN, denied.getMessage()));
        }
        if (cause instanceof LimitReachedException reached) {
            long seconds = Math.max(1, (reached.after().toMillis() + 999) / 1_000);
            return Json.problem(Problem.of(HttpStatus.TOO_MANY_REQUESTS, reached.getMessage())
                            .limit())
                    .mapHeaders(headers -> headers.toBuilder()
                            .setLong(HttpHeaderNames.RETRY_AFTER, seconds)
                            .build());
        }
        if (cause instanceof InvalidAccessException invalid) {
            return Json.problem(
                    Problem.of(HttpStatus.BAD_REQUEST, invalid.getMessage()).field(invalid.field()));
        }
        if (cause instanceof InvalidTaskException invalid) {
            return Json.problem(Problem.of(HttpStatus.BAD_REQUEST, invalid.getMessage())
                    .field(invalid.field())
                    .unknown(invalid.isUnknown()));
        }
        if (cause instanceof InvalidQueryException invalid) {
            return Json.problem(Problem.of(HttpStatus.BAD_REQUEST, invalid.getMessage())
                    .field(invalid.parameter())
                    .unknown(invalid.isUnknown()));
        }
        if (cause instanceof Opening.SlowException slow) {
            return Json.problem(Problem.of(HttpStatus.REQUEST_TIMEOUT, slow.getMessage()));
        }
        if (cause instanceof Opening.RefusedException refused) {
            return Json.problem(Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, refused.getMessage()));
        }
        if (cause instanceof DamagedProfileException damaged) {
            log.error("a stored profile is damaged: {}", damaged.getMessage());
            return Json.problem(Problem.of(
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    "a stored profile is damaged and was not used: " + damaged.getMessage()));
        }
        if (cause instanceof Opening.BusyException busy) {
            return Json.problem(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, busy.getMessage()));
        }
        if (cause instanceof ProfileQuery.BusyException busy) {
            return Json.problem(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, busy.getMessage()));
        }
        if (cause instanceof ProfileQuery.NoAnswerException noAnswer) {
            return Json.problem(Problem.of(HttpStatus.NOT_FOUND, noAnswer.getMessage()));
        }
        if (cause instanceof IllegalArgumentException && isOfLibrary(cause)) {
            // Its word for a parameter that is missing or cannot be converted; the message names classes.
            return Json.problem(Problem.of(
                    HttpStatus.BAD_REQUEST,
                    "a parameter is missing or has a value that it cannot have: "
                            + (context.query() == null ? "there are none" : context.query())));
        }
        seldom.log(
                cause.getClass().getName(),
                // Without the query: it can hold what is nobody's business.
                more -> log.error("{} {} failed{}", request.method(), context.path(), more, cause));
        return Json.problem(Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says why"));
    }

    private static boolean isOfLibrary(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java."))
                .findFirst()
                .filter(name -> name.startsWith("com.linecorp.armeria."))
                .isPresent();
    }
}
