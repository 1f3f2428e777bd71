package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tree as OpenTelemetry's profiles signal: {@code opentelemetry.proto.profiles.v1development.ProfilesData}. The signal is not
 * stable yet; this is its shape in opentelemetry-proto 1.10. Entry 0 of each table stands for "none".
 */
public final class Otlp {
    private Otlp() {}

    /**
     * Writes a tree; the caller closes {@code out}.
     *
     * @param service becomes the resource's {@code service.name}
     * @param startNanos nanoseconds since the epoch; 0 when unknown
     */
    public static void write(FrameTree tree, String service, long startNanos, long durationNanos, OutputStream out)
            throws IOException {
        Symbols symbols = new Symbols(tree);
        int type = symbols.string(tree.measure().name());
        int unit = symbols.string(tree.measure().unit().word());
        List<Protobuf> stacks = new ArrayList<>();
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
            stacks.add(new Protobuf().packed(1, depth, path));
            profile.message(2, new Protobuf().number(1, stacks.size()).packed(4, 1, tree.self(node)));
        }
        profile.fixed64(3, startNanos).number(4, durationNanos);

        Protobuf dictionary = new Protobuf();
        dictionary.message(1, new Protobuf());
        dictionary.message(2, new Protobuf());
        for (int[] location : symbols.locations()) {
            dictionary.message(
                    2,
                    new Protobuf()
                            .message(
                                    3, new Protobuf().number(1, location[0] + 1).number(2, location[1])));
        }
        dictionary.message(3, new Protobuf());
        for (int name : symbols.functions()) {
            dictionary.message(3, new Protobuf().number(1, name));
        }
        dictionary.message(4, new Protobuf());
        for (String text : symbols.strings()) {
            dictionary.text(5, text);
        }
        dictionary.message(6, new Protobuf());
        dictionary.message(7, new Protobuf());
        for (Protobuf stack : stacks) {
            dictionary.message(7, stack);
        }

        Protobuf serviceName = new Protobuf().text(1, "service.name").message(2, new Protobuf().text(1, service));
        Protobuf scope =
                new Protobuf().message(1, new Protobuf().text(1, "davylamp")).message(2, profile);
        Protobuf resource = new Protobuf()
                .message(1, new Protobuf().message(1, serviceName))
                .message(2, scope);
        new Protobuf().message(1, resource).message(2, dictionary).writeTo(out);
    }
}
