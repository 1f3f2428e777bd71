package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** A tree as pprof reads it: gzipped {@code perftools.profiles.Profile}. Source: github.com/google/pprof, proto/profile.proto. */
public final class Pprof {
    private static final int BUFFER_BYTES = 64 << 10;

    private Pprof() {}

    /**
     * Writes a tree; the caller closes {@code out}.
     *
     * @param lines whether names end in lines
     * @param startNanos nanoseconds since the epoch; 0 when unknown
     */
    public static void write(FrameTree tree, boolean lines, long startNanos, long durationNanos, OutputStream out)
            throws IOException {
        write(tree, lines, 0, startNanos, durationNanos, out);
    }

    /**
     * Writes a measure whose samples were taken at an interval; its samples are also written as {@code samples} in {@code count}.
     *
     * @param intervalNanos time that each sample is worth; 0 if that is not the same for all, or unknown
     */
    static void write(
            FrameTree tree, boolean lines, long intervalNanos, long startNanos, long durationNanos, OutputStream out)
            throws IOException {
        Symbols symbols = new Symbols(tree, lines);
        int type = symbols.string(tree.measure().name());
        int unit = symbols.string(tree.measure().unit().word());
        try (GZIPOutputStream gzip = new GZIPOutputStream(new Unclosed(out), BUFFER_BYTES)) {
            // Field by field, so that no more than one sample is held beside the tree.
            Protobuf part = new Protobuf();
            int values = intervalNanos > 0 ? 2 : 1;
            if (values == 2) {
                part.message(
                        1, new Protobuf().number(1, symbols.string("samples")).number(2, symbols.string("count")));
            }
            part.message(1, new Protobuf().number(1, type).number(2, unit)).moveTo(gzip);
            Stacks.forEach(
                    tree,
                    (names, depth, value) -> part.message(
                                    2,
                                    new Protobuf()
                                            .packed(1, depth, i -> symbols.locationOfName(names[i]) + 1)
                                            .packed(2, values, i -> i + 1 < values ? value / intervalNanos : value))
                            .moveTo(gzip));
            int id = 1;
            for (int[] location : symbols.locations()) {
                part.message(
                                4,
                                new Protobuf()
                                        .number(1, id++)
                                        .message(
                                                4,
                                                new Protobuf()
                                                        .number(1, location[0] + 1)
                                                        .number(2, location[1])))
                        .moveTo(gzip);
            }
            id = 1;
            for (int name : symbols.functions()) {
                part.message(5, new Protobuf().number(1, id++).number(2, name).number(3, name))
                        .moveTo(gzip);
            }
            for (String text : symbols.strings()) {
                part.text(6, text).moveTo(gzip);
            }
            part.number(9, startNanos).number(10, durationNanos);
            if (values == 2) {
                part.message(11, new Protobuf().number(1, type).number(2, unit)).number(12, intervalNanos);
            }
            part.moveTo(gzip);
        }
    }

    /** Ends the gzip stream without closing the caller's stream. */
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
