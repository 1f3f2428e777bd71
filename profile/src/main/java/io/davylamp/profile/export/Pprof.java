package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** A tree as pprof reads it: gzipped {@code perftools.profiles.Profile}. Source: github.com/google/pprof, proto/profile.proto. */
public final class Pprof {
    private Pprof() {}

    /**
     * Writes a tree; the caller closes {@code out}.
     *
     * @param startNanos nanoseconds since the epoch; 0 when unknown
     */
    public static void write(FrameTree tree, long startNanos, long durationNanos, OutputStream out) throws IOException {
        Symbols symbols = new Symbols(tree);
        int type = symbols.string(tree.measure().name());
        int unit = symbols.string(tree.measure().unit().word());
        Protobuf profile = new Protobuf();
        profile.message(1, new Protobuf().number(1, type).number(2, unit));
        long[] path = new long[64];
        for (int node = 1; node < tree.size(); node++) {
            if (tree.self(node) == 0) {
                continue;
            }
            int depth = 0;
            for (int n = node; n > 0; n = tree.parent(n)) {
                if (depth == path.length) {
                    path = Arrays.copyOf(path, depth * 2);
                }
                path[depth++] = symbols.locationOfName(tree.nameIndex(n)) + 1;
            }
            profile.message(2, new Protobuf().packed(1, depth, path).packed(2, 1, tree.self(node)));
        }
        int id = 1;
        for (int[] location : symbols.locations()) {
            profile.message(
                    4,
                    new Protobuf()
                            .number(1, id++)
                            .message(
                                    4, new Protobuf().number(1, location[0] + 1).number(2, location[1])));
        }
        id = 1;
        for (int name : symbols.functions()) {
            profile.message(5, new Protobuf().number(1, id++).number(2, name).number(3, name));
        }
        for (String text : symbols.strings()) {
            profile.text(6, text);
        }
        profile.number(9, startNanos).number(10, durationNanos);
        try (GZIPOutputStream gzip = new GZIPOutputStream(new Unclosed(out))) {
            profile.writeTo(gzip);
        }
    }

    /** Lets the gzip stream end without ending the caller's. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
