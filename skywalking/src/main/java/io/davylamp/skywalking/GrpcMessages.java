package io.davylamp.skywalking;

import com.google.protobuf.MessageLite;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.davylamp.core.Quoted;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * gRPC's framing over HTTP/2, for calls that are passed on as they are. A message is a byte that says whether it is compressed,
 * its length as u32 big-endian, and its bytes.
 *
 * <p>Source: gRPC over HTTP2, the protocol's own description.
 */
final class GrpcMessages {
    static final String STATUS = "grpc-status";
    static final String TEXT = "grpc-message";

    private static final int PREFIX = 5;
    private static final MediaType GRPC = MediaType.parse("application/grpc");

    private GrpcMessages() {}

    /** The bytes are no messages. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * All messages of a call.
     *
     * @param encoding the call's {@code grpc-encoding}; may be null
     * @param maxBytes largest message, after unpacking
     */
    static List<byte[]> read(byte[] body, String encoding, int maxBytes) throws MalformedException {
        List<byte[]> messages = new ArrayList<>();
        int at = 0;
        while (at < body.length) {
            if (body.length - at < PREFIX) {
                throw new MalformedException((body.length - at) + " bytes where a message begins");
            }
            long length = Integer.toUnsignedLong((body[at + 1] & 0xff) << 24
                    | (body[at + 2] & 0xff) << 16
                    | (body[at + 3] & 0xff) << 8
                    | body[at + 4] & 0xff);
            if (length > body.length - at - PREFIX) {
                throw new MalformedException(
                        "a message of " + length + " bytes, of which " + (body.length - at - PREFIX) + " came");
            }
            byte[] message = new byte[(int) length];
            System.arraycopy(body, at + PREFIX, message, 0, message.length);
            messages.add(body[at] == 0 ? message : unpacked(message, encoding, maxBytes));
            at += PREFIX + message.length;
        }
        return messages;
    }

    private static byte[] unpacked(byte[] message, String encoding, int maxBytes) throws MalformedException {
        if (!"gzip".equals(encoding)) {
            throw new MalformedException(
                    encoding == null
                            ? "a message is compressed, and no header says by what; known is gzip"
                            : "a message is compressed by " + Quoted.of(encoding) + "; known is gzip");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(message))) {
            byte[] unpacked = in.readNBytes(maxBytes + 1);
            if (unpacked.length > maxBytes) {
                throw new MalformedException("a message has more than " + maxBytes + " bytes");
            }
            return unpacked;
        } catch (IOException e) {
            throw new MalformedException("a compressed message is damaged: " + e.getMessage());
        }
    }

    static byte[] framed(byte[] message) {
        byte[] framed = new byte[PREFIX + message.length];
        framed[1] = (byte) (message.length >>> 24);
        framed[2] = (byte) (message.length >>> 16);
        framed[3] = (byte) (message.length >>> 8);
        framed[4] = (byte) message.length;
        System.arraycopy(message, 0, framed, PREFIX, message.length);
        return framed;
    }

    static HttpResponse ok(MessageLite message) {
        return HttpResponse.of(
                ResponseHeaders.of(HttpStatus.OK, "content-type", GRPC),
                HttpData.wrap(framed(message.toByteArray())),
                HttpHeaders.of(STATUS, Status.Code.OK.value()));
    }

    /** An answer without a message. */
    static HttpResponse end(Status.Code code, String text) {
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set("content-type", GRPC.toString())
                .setInt(STATUS, code.value())
                .set(
                        TEXT,
                        URLEncoder.encode(Plain.text(text), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .build());
    }
}
