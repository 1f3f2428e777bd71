package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A blob as a file, byte for byte. */
final class Download {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final int PIECE_BYTES = 64 << 10;
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,17})");

    private Download() {}

    /**
     * The blob, or the one range of it that the request asks for (RFC 9110, section 14).
     *
     * @param name of the file; characters that are special anywhere are replaced
     * @param version names these bytes; other bytes have another one
     */
    static HttpResponse of(Blobs.Blob blob, String name, String version, ServiceRequestContext context)
            throws IOException {
        long size = blob.sizeBytes();
        String tag = "\"" + version + "\"";
        long from = 0;
        long to = size;
        boolean part = false;
        RequestHeaders asked = context.request().headers();
        Matcher range = RANGE.matcher(asked.get(HttpHeaderNames.RANGE, "").trim());
        // Several ranges, or other units, may be answered with the whole.
        if (range.matches()
                && range.group().length() > "bytes=-".length()
                && asked.get(HttpHeaderNames.IF_RANGE, tag).equals(tag)) {
            boolean last = range.group(1).isEmpty();
            from = last ? Math.max(0, size - number(range.group(2))) : number(range.group(1));
            to = last || range.group(2).isEmpty() ? size : Math.min(size, number(range.group(2)) + 1);
            part = last || range.group(2).isEmpty() || number(range.group(1)) <= number(range.group(2));
            if (part && from >= to) {
                blob.close();
                return HttpResponse.of(ResponseHeaders.of(
                        HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, HttpHeaderNames.CONTENT_RANGE, "bytes */" + size));
            }
        }
        if (!part) {
            from = 0;
            to = size;
        }
        ResponseHeadersBuilder headers = ResponseHeaders.builder(part ? HttpStatus.PARTIAL_CONTENT : HttpStatus.OK)
                .contentType(MediaType.OCTET_STREAM)
                .contentLength(to - from)
                .set(HttpHeaderNames.ACCEPT_RANGES, "bytes")
                .set(HttpHeaderNames.ETAG, tag)
                .set(HttpHeaderNames.CONTENT_DISPOSITION, disposition(name));
        if (part) {
            headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (to - 1) + "/" + size);
        }
        context.clearRequestTimeout();
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(headers.build());
        send(blob, from, to, out, context);
        return out;
    }

    /** The bytes of a recording as they may be given out. A refusal says why, and what to do. */
    static Optional<Blobs.Blob> bytes(Indexer indexer, Recording recording) throws IOException {
        try {
            return indexer.bytes(recording);
        } catch (UnreadableRecordingException e) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT,
                    "the recording may have passwords and other secrets that the server cannot find, because "
                            + e.getMessage() + "; with recordings.scrub=false the server gives it out as it is"));
        }
    }

    private static long number(String digits) {
        return Long.parseLong(digits);
    }

    static String disposition(String name) {
        return "attachment; filename=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\"";
    }

    /** Reads the next piece when the last has been taken: a slow client costs one piece of memory. */
    private static void send(
            Blobs.Blob blob, long position, long end, HttpResponseWriter out, ServiceRequestContext context) {
        context.blockingTaskExecutor().execute(() -> {
            try {
                int length = (int) Math.min(PIECE_BYTES, end - position);
                if (length == 0 || !out.tryWrite(HttpData.wrap(blob.read(position, length)))) {
                    blob.close();
                    out.close();
                    return;
                }
                out.whenConsumed().handle((done, error) -> {
                    send(blob, position + length, end, out, context);
                    return null;
                });
            } catch (IOException e) {
                log.error("a download broke at byte {}", position, e);
                out.close(e);
            }
        });
    }
}
