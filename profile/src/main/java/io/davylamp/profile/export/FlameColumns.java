package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.codec.Bytes;
import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A tree as columns of bytes, for readers with typed arrays: docs/formats/flame-v2.md. */
public final class FlameColumns {
    static final byte[] MAGIC = {'D', 'V', 'F', 'T', 2};

    private FlameColumns() {}

    /** @param facts as for {@link FlameJson} */
    public static void write(FrameTree tree, Facts facts, OutputStream out) throws IOException {
        int n = tree.size();
        Bytes.Out bytes = new Bytes.Out();
        bytes.bytes(MAGIC, MAGIC.length);
        bytes.text(tree.measure().name());
        bytes.text(tree.measure().unit().word());
        bytes.varint(FrameKind.values().length);
        for (FrameKind kind : FrameKind.values()) {
            bytes.text(kind.word());
        }
        names(tree.names(), bytes);
        int[] up = levelsUp(tree);
        bytes.varint(n);
        bytes.column(n, i -> up[i]);
        bytes.column(n, tree::nameIndex);
        bytes.column(n, i -> tree.kind(i).code());
        bytes.varint(tree.sides());
        for (int side = 0; side < tree.sides(); side++) {
            int of = side;
            long[] rest = tree.remainders(side);
            bytes.column(n, i -> tree.self(of, i));
            bytes.column(n, i -> rest[i]);
        }
        List<Map.Entry<String, String>> texts = facts.texts();
        bytes.varint(texts.size());
        for (Map.Entry<String, String> fact : texts) {
            bytes.text(fact.getKey());
            bytes.text(fact.getValue());
        }
        bytes.writeTo(out);
    }

    /** All in one text, so that a reader decodes once and cuts. */
    private static void names(String[] names, Bytes.Out bytes) {
        bytes.varint(names.length);
        bytes.column(names.length, i -> names[i].length());
        byte[] utf8 = String.join("", names).getBytes(StandardCharsets.UTF_8);
        bytes.varint(utf8.length);
        bytes.bytes(utf8, utf8.length);
    }

    /** Returns for each node how many levels its parent is above the node before it. */
    private static int[] levelsUp(FrameTree tree) {
        int[] depth = new int[tree.size()];
        int[] up = new int[tree.size()];
        for (int i = 1; i < up.length; i++) {
            depth[i] = depth[tree.parent(i)] + 1;
            up[i] = depth[i - 1] + 1 - depth[i];
        }
        return up;
    }
}
