package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.util.function.IntToLongFunction;

/**
 * A tree as JSON columns: {@code measure, unit, total, cut, kinds[], names[], nodes {parent[], name[], kind[], self[], total[]}}. Nodes are in
 * preorder; a node's remainder, cut by the node budget, is {@code total - self - Σ children.total}; {@code cut} is the
 * sum of all remainders, 0 when the tree is whole. {@code kind} is the number
 * of a word in {@code kinds}. A comparison has {@code baselineSelf} and {@code baselineTotal} too.
 */
public final class FlameJson {
    private FlameJson() {}

    public static void write(FrameTree tree, Appendable out) throws IOException {
        write(tree, Facts.NONE, out);
    }

    /** @param facts for a comparison {@code scale}, by what the baseline is multiplied, and why */
    public static void write(FrameTree tree, Facts facts, Appendable out) throws IOException {
        out.append("{\"measure\":");
        string(tree.measure().name(), out);
        out.append(",\"unit\":");
        string(tree.measure().unit().word(), out);
        out.append(",\"total\":").append(Long.toString(tree.total()));
        out.append(",\"cut\":").append(Long.toString(tree.cutValue()));
        out.append(",\"kinds\":[");
        String separator = "";
        for (FrameKind kind : FrameKind.values()) {
            out.append(separator);
            string(kind.word(), out);
            separator = ",";
        }
        out.append("],\"names\":[");
        for (int i = 0; i < tree.names().length; i++) {
            if (i > 0) {
                out.append(',');
            }
            string(tree.names()[i], out);
        }
        out.append("],\"nodes\":{");
        column("parent", tree.size(), tree::parent, out);
        out.append(',');
        column("name", tree.size(), tree::nameIndex, out);
        out.append(',');
        column("kind", tree.size(), node -> tree.kind(node).code(), out);
        out.append(',');
        column("self", tree.size(), tree::self, out);
        out.append(',');
        column("total", tree.size(), tree::total, out);
        if (tree.sides() > 1) {
            out.append(',');
            column("baselineSelf", tree.size(), node -> tree.self(1, node), out);
            out.append(',');
            column("baselineTotal", tree.size(), node -> tree.total(1, node), out);
        }
        out.append('}');
        if (tree.sides() > 1) {
            out.append(",\"baselineTotal\":").append(Long.toString(tree.total(1, 0)));
        }
        facts.json(out);
        out.append('}');
    }

    private static void column(String name, int size, IntToLongFunction values, Appendable out) throws IOException {
        out.append('"').append(name).append("\":[");
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                out.append(',');
            }
            out.append(Long.toString(values.applyAsLong(i)));
        }
        out.append(']');
    }

    /** Also safe inside an HTML script element: {@code <} is escaped. */
    static void string(String text, Appendable out) throws IOException {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20
                    || c == '<'
                    || c == '\u2028'
                    || c == '\u2029'
                    || Character.isSurrogate(c) && !paired(text, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
