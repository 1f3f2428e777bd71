package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.store.Blobs;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A blob as a file, byte for byte. */
final class Download {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final int PIECE_BYTES = 64 << 10;

    private Download() {}

    /** @param name of the file; characters that are special anywhere are replaced */
    static HttpResponse of(Blobs.Blob blob, String name, ServiceRequestContext context) {
        context.clearRequestTimeout();
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.OCTET_STREAM)
                .contentLength(blob.sizeBytes())
                .set(HttpHeaderNames.CONTENT_DISPOSITION, disposition(name))
                .build());
        send(blob, 0, out, context);
        return out;
    }

    static String disposition(String name) {
        return "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\"";
    }

    /** Reads the next piece when the last has been taken: a slow client costs one piece of memory. */
    private static void send(Blobs.Blob blob, long position, HttpResponseWriter out, ServiceRequestContext context) {
        context.blockingTaskExecutor().execute(() -> {
            try {
                int length = (int) Math.min(PIECE_BYTES, blob.sizeBytes() - position);
                if (length == 0 || !out.tryWrite(HttpData.wrap(blob.read(position, length)))) {
                    blob.close();
                    out.close();
                    return;
                }
                out.whenConsumed().handle((done, error) -> {
                    send(blob, position + length, out, context);
                    return null;
                });
            } catch (IOException e) {
                log.error("a download broke at byte {}", position, e);
                out.close(e);
            }
        });
    }
}
