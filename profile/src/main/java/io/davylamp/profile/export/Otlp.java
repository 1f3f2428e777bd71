package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.OutputStream;

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
        Protobuf profile = new Protobuf();
        profile.message(1, new Protobuf().number(1, type).number(2, unit));
        Protobuf stacks = new Protobuf().message(7, new Protobuf());
        int[] stack = {0};
        Stacks.forEach(tree, (names, depth, value) -> {
            stacks.message(7, new Protobuf().packed(1, depth, i -> symbols.locationOfName(names[i]) + 1));
            profile.message(2, new Protobuf().number(1, ++stack[0]).packed(4, 1, i -> value));
        });
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
        dictionary.append(stacks);

        Protobuf serviceName = new Protobuf().text(1, "service.name").message(2, new Protobuf().text(1, service));
        Protobuf scope =
                new Protobuf().message(1, new Protobuf().text(1, "davylamp")).message(2, profile);
        Protobuf resource = new Protobuf()
                .message(1, new Protobuf().message(1, serviceName))
                .message(2, scope);
        new Protobuf().message(1, resource).message(2, dictionary).writeTo(out);
    }
}
