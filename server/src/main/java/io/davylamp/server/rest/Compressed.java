package io.davylamp.server.rest;

import com.github.luben.zstd.Zstd;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * An answer in the form that whoever asks reads fastest. A flame graph of a million nodes takes gzip of the usual level longer
 * than making it; zstd takes a tenth of that and is as small.
 */
final class Compressed {
    private static final int ZSTD_LEVEL = 3;
    private static final int WORTH_IT_BYTES = 1 << 10;

    private Compressed() {}

    static HttpResponse of(byte[] content, MediaType type, RequestHeaders asked) throws IOException {
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type)
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING.toString());
        byte[] sent = content;
        if (content.length >= WORTH_IT_BYTES) {
            String accepted = asked.get(HttpHeaderNames.ACCEPT_ENCODING, "");
            if (accepts(accepted, "zstd")) {
                sent = Zstd.compress(content, ZSTD_LEVEL);
                headers.set(HttpHeaderNames.CONTENT_ENCODING, "zstd");
            } else if (accepts(accepted, "gzip")) {
                sent = gzip(content);
                headers.set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
            }
        }
        return HttpResponse.of(headers.build(), HttpData.wrap(sent));
    }

    static boolean accepts(String accepted, String coding) {
        return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(","))
                .map(each -> each.replace(" ", "").split(";", 2))
                .anyMatch(each -> each[0].equals(coding) && (each.length == 1 || !each[1].matches("q=0(\\.0*)?")));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 3);
        try (OutputStream packed = gzip(out)) {
            packed.write(content);
        }
        return out.toByteArray();
    }

    static OutputStream gzip(OutputStream out) throws IOException {
        return new Fast(out);
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, 64 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
