package io.davylamp.server.rest;

import static io.davylamp.server.rest.ProblemException.badRequest;
import static io.davylamp.server.rest.ProblemException.notFound;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.davylamp.core.access.Principal;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.server.access.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Files that people open to look at. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class FileApi {
    private final Opening files;
    private final Indexer indexer;

    FileApi(Opening files, Indexer indexer) {
        this.files = files;
        this.indexer = indexer;
    }

    private static Map<String, Object> json(Recording file) {
        return Map.of(
                "id", file.id(),
                "name", file.instance(),
                "sizeBytes", file.bytes(),
                "kept", file.isKept(),
                "opened", TaskJson.time(file.storedMillis()));
    }

    @Get("/api/v1/files")
    public HttpResponse all() {
        return Json.ok(
                Map.of("files", files.all(caller()).stream().map(FileApi::json).toList()));
    }

    /** Takes a recording, or what another profiler wrote, also packed. */
    @Post("/api/v1/files")
    public HttpResponse open(@Param @Default("file") String name, HttpRequest request) throws IOException {
        Json.require(request.contentType(), MediaType.OCTET_STREAM);
        // What is left of a request without its trailers.
        StreamMessage<HttpData> body =
                request.filter(HttpData.class::isInstance).map(HttpData.class::cast);
        // Not closed here: that would reset the stream of a client that is still sending, before it has read why it is
        // refused. The library ends the request when it is answered.
        InputStream bytes = body.toInputStream(data -> data);
        try {
            long declared = request.headers().contentLength();
            return Json.created(json(files.open(caller(), name, bytes, declared, request::abort)));
        } catch (NoSamplesException e) {
            throw badRequest("file", name + " " + e.getMessage());
        } catch (UnreadableRecordingException e) {
            throw badRequest("file", name + " cannot be read: " + e.getMessage());
        }
    }

    @Get("/api/v1/files/{file}")
    public HttpResponse file(@Param("file") String id) {
        return Json.ok(json(require(files, id)));
    }

    private static Principal caller() {
        return Caller.current().principal();
    }

    static Recording require(Opening files, String id) {
        return files.find(caller(), id).orElseThrow(() -> gone(id));
    }

    private static ProblemException gone(String id) {
        return notFound("the file \"" + id + "\" is not open any more; open it again");
    }

    @Post("/api/v1/files/{file}/keep")
    public HttpResponse keep(@Param("file") String id, HttpRequest request) {
        Json.require(request.contentType());
        return Json.ok(json(files.keep(caller(), id).orElseThrow(() -> gone(id))));
    }

    @Delete("/api/v1/files/{file}")
    public HttpResponse delete(@Param("file") String id) {
        if (!files.delete(caller(), id)) {
            throw gone(id);
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    @Get("/api/v1/files/{file}/recording")
    public HttpResponse recording(@Param("file") String id, ServiceRequestContext context) throws IOException {
        Recording file = require(files, id);
        Blobs.Blob blob = Download.bytes(indexer, file).orElseThrow(() -> gone(id));
        return Download.of(blob, file.instance(), file.id(), context);
    }
}
