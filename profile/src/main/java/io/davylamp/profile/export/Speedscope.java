package io.davylamp.profile.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** A tree as speedscope reads it: one sampled profile. Source: speedscope.app/file-format-schema.json. */
public final class Speedscope {
    private Speedscope() {}

    public static void write(FrameTree tree, String name, Writer out) throws IOException {
        Unit unit = tree.measure().unit();
        try (JsonGenerator json = AnswerJson.generator(out)) {
            json.writeStartObject();
            json.writeStringField("$schema", "https://www.speedscope.app/file-format-schema.json");
            json.writeStringField("exporter", "davylamp");
            json.writeStringField("name", name);
            json.writeObjectFieldStart("shared");
            json.writeArrayFieldStart("frames");
            for (String frame : tree.names()) {
                json.writeStartObject();
                json.writeStringField("name", frame);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeArrayFieldStart("profiles");
            json.writeStartObject();
            json.writeStringField("type", "sampled");
            json.writeStringField("name", tree.measure().name());
            json.writeStringField("unit", unit(unit));
            json.writeNumberField("startValue", 0);
            long total = 0;
            for (int node = 0; node < tree.size(); node++) {
                total += tree.self(node);
            }
            json.writeFieldName("endValue");
            json.writeNumber(unit.text(total));
            json.writeArrayFieldStart("samples");
            List<String> weights = new ArrayList<>();
            Stacks.forEach(tree, (names, depth, value) -> {
                json.writeStartArray();
                for (int i = depth - 1; i >= 0; i--) {
                    json.writeNumber(names[i]);
                }
                json.writeEndArray();
                weights.add(unit.text(value));
            });
            json.writeEndArray();
            json.writeArrayFieldStart("weights");
            for (String weight : weights) {
                json.writeNumber(weight);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static String unit(Unit unit) {
        return switch (unit) {
            case BYTES -> "bytes";
            case NANOSECONDS -> "nanoseconds";
            default -> "none";
        };
    }
}
