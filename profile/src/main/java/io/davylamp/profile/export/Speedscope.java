package io.davylamp.profile.export;

import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;

/** A tree as speedscope reads it: one sampled profile. Source: speedscope.app/file-format-schema.json. */
public final class Speedscope {
    private Speedscope() {}

    public static void write(FrameTree tree, String name, Appendable out) throws IOException {
        out.append(
                "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"exporter\":\"davylamp\",\"name\":");
        FlameJson.string(name, out);
        out.append(",\"shared\":{\"frames\":[");
        for (int i = 0; i < tree.names().length; i++) {
            out.append(i == 0 ? "" : ",").append("{\"name\":");
            FlameJson.string(tree.names()[i], out);
            out.append('}');
        }
        out.append("]},\"profiles\":[{\"type\":\"sampled\",\"name\":");
        FlameJson.string(tree.measure().name(), out);
        out.append(",\"unit\":\"").append(unit(tree.measure().unit())).append("\",\"startValue\":0,\"endValue\":");
        Unit unit = tree.measure().unit();
        long total = 0;
        for (int node = 0; node < tree.size(); node++) {
            total += tree.self(node);
        }
        out.append(unit.text(total)).append(",\"samples\":[");
        StringBuilder weights = new StringBuilder();
        Stacks.forEach(tree, (names, depth, value) -> {
            out.append(weights.length() == 0 ? "[" : ",[");
            for (int i = depth - 1; i >= 0; i--) {
                out.append(Integer.toString(names[i])).append(i > 0 ? "," : "]");
            }
            weights.append(weights.length() == 0 ? "" : ",").append(unit.text(value));
        });
        out.append("],\"weights\":[").append(weights).append("]}]}");
    }

    private static String unit(Unit unit) {
        return switch (unit) {
            case BYTES -> "bytes";
            case NANOSECONDS -> "nanoseconds";
            default -> "none";
        };
    }
}
