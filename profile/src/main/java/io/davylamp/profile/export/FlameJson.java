package io.davylamp.profile.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.function.IntToLongFunction;

/**
 * A tree as JSON columns: {@code measure, unit, total, cut, kinds[], names[], nodes {parent[], name[], kind[], self[], total[]}}. Nodes are in
 * preorder; a node's remainder, cut by the node budget, is {@code total - self - Σ children.total}; {@code cut} is the
 * sum of all remainders, 0 when the tree is whole. {@code kind} is the number
 * of a word in {@code kinds}. A comparison has {@code baselineSelf} and {@code baselineTotal} too. Streamed: no object per node.
 */
public final class FlameJson {
    private FlameJson() {}

    public static void write(FrameTree tree, Writer out) throws IOException {
        write(tree, Facts.NONE, out);
    }

    public static void write(FrameTree tree, Facts facts, Writer out) throws IOException {
        try (JsonGenerator json = AnswerJson.generator(out)) {
            json.writeStartObject();
            json.writeStringField("measure", tree.measure().name());
            json.writeStringField("unit", tree.measure().unit().word());
            json.writeNumberField("total", tree.total());
            json.writeNumberField("cut", tree.cutValue());
            json.writeArrayFieldStart("kinds");
            for (FrameKind kind : FrameKind.values()) {
                json.writeString(kind.word());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("names");
            for (String name : tree.names()) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("nodes");
            column("parent", tree.size(), tree::parent, json);
            column("name", tree.size(), tree::nameIndex, json);
            column("kind", tree.size(), node -> tree.kind(node).code(), json);
            column("self", tree.size(), tree::self, json);
            column("total", tree.size(), tree::total, json);
            if (tree.sides() > 1) {
                column("baselineSelf", tree.size(), node -> tree.self(1, node), json);
                column("baselineTotal", tree.size(), node -> tree.total(1, node), json);
            }
            json.writeEndObject();
            if (tree.sides() > 1) {
                json.writeNumberField("baselineTotal", tree.total(1, 0));
            }
            Map<?, ?> members = AnswerJson.MAPPER.convertValue(facts, Map.class);
            for (Map.Entry<?, ?> member : members.entrySet()) {
                json.writeObjectField(member.getKey().toString(), member.getValue());
            }
            json.writeEndObject();
        }
    }

    private static void column(String name, int size, IntToLongFunction values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (int i = 0; i < size; i++) {
            json.writeNumber(values.applyAsLong(i));
        }
        json.writeEndArray();
    }
}
