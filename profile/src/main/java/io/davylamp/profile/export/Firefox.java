package io.davylamp.profile.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A tree as the Firefox Profiler reads it: one thread of its processed profile format, version 47. A node of the tree is a stack, and one
 * that used something itself is a sample with that as its weight; times have no meaning but their order. Source: firefox-devtools/profiler,
 * src/types/profile.ts and docs-developer/CHANGELOG-formats.md.
 */
public final class Firefox {
    private static final int VERSION = 47;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final int OTHER = 0;
    private static final int JAVA = 1;
    private static final int NATIVE = 2;
    private static final int KERNEL = 3;
    /** By number; the format wants one that is grey, for what is in no other. */
    private static final List<List<String>> CATEGORIES = List.of(
            List.of("Other", "grey"), List.of("Java", "green"), List.of("Native", "blue"), List.of("Kernel", "orange"));

    private final FrameTree tree;
    private final JsonGenerator json;
    private final Unit unit;
    /** Names of frames, by their number; the same name of another kind is another frame. */
    private final IntArrayList frameName = new IntArrayList();

    private final IntArrayList frameCategory = new IntArrayList();
    /** By node; -1 for a root that only stands for all. */
    private final int[] frameOfNode;

    private Firefox(FrameTree tree, JsonGenerator json) {
        this.tree = tree;
        this.json = json;
        this.unit = tree.measure().unit();
        this.frameOfNode = new int[tree.size()];
        int[] known = new int[tree.names().length * CATEGORIES.size()];
        Arrays.fill(known, -1);
        for (int node = 0; node < frameOfNode.length; node++) {
            if (node == 0 && !tree.rootIsFrame()) {
                frameOfNode[node] = -1;
                continue;
            }
            int category = category(tree.kind(node));
            int key = tree.nameIndex(node) * CATEGORIES.size() + category;
            if (known[key] < 0) {
                known[key] = frameName.size();
                frameName.add(tree.nameIndex(node));
                frameCategory.add(category);
            }
            frameOfNode[node] = known[key];
        }
    }

    private static int category(FrameKind kind) {
        return switch (kind) {
            case INTERPRETED, JIT, INLINED, C1 -> JAVA;
            case NATIVE, CPP -> NATIVE;
            case KERNEL -> KERNEL;
            default -> OTHER;
        };
    }

    /** @param startNanos becomes the profile's start, nanoseconds since the epoch */
    public static void write(FrameTree tree, String name, long startNanos, Writer out) throws IOException {
        try (JsonGenerator json = AnswerJson.generator(out)) {
            new Firefox(tree, json).profile(name, startNanos / NANOS_PER_MILLI);
        }
    }

    private void profile(String name, double startMillis) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("meta");
        json.writeNumberField("version", 28);
        json.writeNumberField("preprocessedProfileVersion", VERSION);
        json.writeStringField("product", name);
        json.writeStringField("importedFrom", "Davylamp");
        json.writeNumberField("interval", 1);
        json.writeNumberField("startTime", startMillis);
        json.writeNumberField("processType", 0);
        json.writeNumberField("stackwalk", 1);
        json.writeBooleanField("symbolicated", true);
        json.writeBooleanField("usesOnlyOneStackType", true);
        json.writeBooleanField("doesNotUseFrameImplementation", true);
        json.writeBooleanField("sourceCodeIsNotOnSearchfox", true);
        json.writeArrayFieldStart("markerSchema");
        json.writeEndArray();
        json.writeArrayFieldStart("categories");
        for (List<String> category : CATEGORIES) {
            json.writeStartObject();
            json.writeStringField("name", category.get(0));
            json.writeStringField("color", category.get(1));
            json.writeArrayFieldStart("subcategories");
            json.writeString("Other");
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeArrayFieldStart("libs");
        json.writeEndArray();
        json.writeArrayFieldStart("threads");
        thread();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void thread() throws IOException {
        json.writeStartObject();
        json.writeStringField("name", tree.measure().name());
        json.writeBooleanField("isMainThread", true);
        json.writeStringField("processType", "default");
        json.writeStringField("pid", "0");
        json.writeNumberField("tid", 0);
        json.writeNumberField("processStartupTime", 0);
        json.writeNullField("processShutdownTime");
        json.writeNumberField("registerTime", 0);
        json.writeNullField("unregisterTime");
        json.writeArrayFieldStart("pausedRanges");
        json.writeEndArray();
        samples();
        table("markers", 0);
        for (String column : List.of("data", "name", "startTime", "endTime", "phase", "category")) {
            column(column, 0, i -> null);
        }
        json.writeEndObject();
        stacks();
        int frames = frameName.size();
        table("frameTable", frames);
        column("address", frames, i -> -1);
        column("inlineDepth", frames, i -> 0);
        column("category", frames, frameCategory::getInt);
        column("subcategory", frames, i -> 0);
        column("func", frames, i -> i);
        for (String unknown : List.of("nativeSymbol", "innerWindowID", "implementation", "line", "column")) {
            column(unknown, frames, i -> null);
        }
        json.writeEndObject();
        table("funcTable", frames);
        column("name", frames, frameName::getInt);
        column("isJS", frames, i -> false);
        column("relevantForJS", frames, i -> false);
        column("resource", frames, i -> -1);
        for (String unknown : List.of("fileName", "lineNumber", "columnNumber")) {
            column(unknown, frames, i -> null);
        }
        json.writeEndObject();
        table("resourceTable", 0);
        for (String column : List.of("lib", "name", "host", "type")) {
            column(column, 0, i -> null);
        }
        json.writeEndObject();
        table("nativeSymbols", 0);
        for (String column : List.of("libIndex", "address", "name", "functionSize")) {
            column(column, 0, i -> null);
        }
        json.writeEndObject();
        json.writeArrayFieldStart("stringArray");
        for (String text : tree.names()) {
            json.writeString(text);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** A sample for each node that used something itself. */
    private void samples() throws IOException {
        int[] nodes = new int[tree.size()];
        int n = 0;
        for (int node = 0; node < nodes.length; node++) {
            if (tree.self(node) != 0) {
                nodes[n++] = node;
            }
        }
        table("samples", n);
        json.writeStringField(
                "weightType",
                switch (unit) {
                    case NANOSECONDS -> "tracing-ms";
                    case BYTES -> "bytes";
                    default -> "samples";
                });
        column("stack", n, i -> frameOfNode[nodes[i]] < 0 ? null : stack(nodes[i]));
        column("time", n, i -> i);
        column("weight", n, i -> weight(tree.self(nodes[i])));
        json.writeEndObject();
    }

    private Number weight(long value) {
        if (unit == Unit.NANOSECONDS) {
            return value / NANOS_PER_MILLI;
        }
        return value;
    }

    /** The number of a node's stack: the root is none where it is no frame. */
    private int stack(int node) {
        return tree.rootIsFrame() ? node : node - 1;
    }

    private void stacks() throws IOException {
        int first = tree.rootIsFrame() ? 0 : 1;
        int n = tree.size() - first;
        table("stackTable", n);
        column("frame", n, i -> frameOfNode[i + first]);
        column("category", n, i -> frameCategory.getInt(frameOfNode[i + first]));
        column("subcategory", n, i -> 0);
        column("prefix", n, i -> tree.parent(i + first) < first ? null : stack(tree.parent(i + first)));
        json.writeEndObject();
    }

    private void table(String name, int length) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("length", length);
    }

    private void column(String name, int length, IntFunction<Object> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (int i = 0; i < length; i++) {
            json.writeObject(values.apply(i));
        }
        json.writeEndArray();
    }
}
