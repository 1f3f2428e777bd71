package io.davylamp.server.rest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.profile.view.InvalidQueryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of any length, kept packed until it is sent: stacks as text repeat their callers, and are a thirtieth when packed. Whoever
 * reads zstd gets it as it is kept, all others get it piece by piece, as fast as they take it. Not thread-safe.
 */
final class Packed extends OutputStream {
    private static final Logger log = LoggerFactory.getLogger(Packed.class);
    private static final int ZSTD_LEVEL = 1;
    private static final int PIECE_BYTES = 64 << 10;

    private final long limitBytes;
    private final List<byte[]> pieces = new ArrayList<>();
    private byte[] piece = new byte[PIECE_BYTES];
    private int used;
    private long packedBytes;
    private final OutputStream zstd;

    /** @param limitBytes most that may be kept, packed */
    Packed(long limitBytes) throws IOException {
        this.limitBytes = limitBytes;
        this.zstd = new ZstdOutputStreamNoFinalizer(new Pieces(), ZSTD_LEVEL);
    }

    @Override
    public void write(int b) throws IOException {
        zstd.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        zstd.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
        zstd.close();
        if (used > 0) {
            pieces.add(Arrays.copyOf(piece, used));
            used = 0;
        }
    }

    private final class Pieces extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            packedBytes += length;
            if (packedBytes > limitBytes) {
                throw new InvalidQueryException(
                        "nodes",
                        "the answer has more than " + limitBytes
                                + " bytes even when packed, which is all that the server"
                                + " keeps; ask for the largest nodes with nodes, for less with a filter, or download the"
                                + " recordings and use davy on them");
            }
            for (int at = 0; at < length; ) {
                if (used == piece.length) {
                    pieces.add(piece);
                    piece = new byte[PIECE_BYTES];
                    used = 0;
                }
                int n = Math.min(length - at, piece.length - used);
                System.arraycopy(bytes, from + at, piece, used, n);
                used += n;
                at += n;
            }
        }
    }

    /** The answer, after {@link #close}. */
    HttpResponse answer(MediaType type, ServiceRequestContext context) throws IOException {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type)
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING.toString());
        String accepted = context.request().headers().get(HttpHeaderNames.ACCEPT_ENCODING, "");
        InputStream bytes = new SequenceInputStream(Collections.enumeration(
                pieces.stream().map(ByteArrayInputStream::new).toList()));
        Sender sender;
        if (Compressed.accepts(accepted, "zstd")) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, "zstd");
            sender = new Sender(bytes, false, context);
        } else {
            boolean gzip = Compressed.accepts(accepted, "gzip");
            if (gzip) {
                headers.set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
            }
            sender = new Sender(new ZstdInputStreamNoFinalizer(bytes), gzip, context);
        }
        context.clearRequestTimeout();
        sender.out.write(headers.build());
        sender.send();
        return sender.out;
    }

    /** Sends the next piece when the last has been taken: a slow client costs one piece of memory. */
    private static final class Sender {
        private final HttpResponseWriter out = HttpResponse.streaming();
        private final InputStream bytes;
        private final ServiceRequestContext context;
        private final ByteArrayOutputStream next = new ByteArrayOutputStream(PIECE_BYTES);
        private final OutputStream into;
        private boolean ended;

        Sender(InputStream bytes, boolean gzip, ServiceRequestContext context) throws IOException {
            this.bytes = bytes;
            this.context = context;
            this.into = gzip ? Compressed.gzip(next) : next;
        }

        void send() {
            context.blockingTaskExecutor().execute(() -> {
                try {
                    while (next.size() == 0 && !ended) {
                        byte[] piece = bytes.readNBytes(PIECE_BYTES);
                        into.write(piece);
                        ended = piece.length == 0;
                        if (ended) {
                            into.close();
                            bytes.close();
                        }
                    }
                    if (next.size() == 0 || !out.tryWrite(HttpData.wrap(next.toByteArray()))) {
                        out.close();
                        return;
                    }
                    next.reset();
                    out.whenConsumed().handle((done, error) -> {
                        send();
                        return null;
                    });
                } catch (IOException | RuntimeException e) {
                    log.error("an answer broke", e);
                    out.close(e);
                }
            });
        }
    }
}
