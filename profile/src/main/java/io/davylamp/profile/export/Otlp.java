package io.davylamp.profile.export;

import io.davylamp.profile.Measure;
import io.davylamp.profile.PrefixTree;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.ProfileSamples;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.Query;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Samples, or a tree, as OpenTelemetry's profiles signal: {@code opentelemetry.proto.profiles.v1development.ProfilesData}. The signal is
 * not stable yet; this is its shape in opentelemetry-proto 1.10. Entry 0 of each table stands for "none". What is taken at an interval
 * (cpu, wall) is {@code samples} in {@code count}, with the interval as period in nanoseconds; all else is what it is.
 */
public final class Otlp {
    /** Measures whose samples are taken at an interval. */
    private static final Set<String> SAMPLED = Set.of("cpu", "wall", "native");

    private static final byte[] NO_TRACE = new byte[16];
    private static final byte[] NO_SPAN = new byte[8];

    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<String, Integer> functions = new LinkedHashMap<>();
    private final Map<List<Integer>, Integer> locations = new LinkedHashMap<>();
    private final Map<String, Integer> attributes = new HashMap<>();
    private final Protobuf attributeTable = new Protobuf().message(6, new Protobuf());
    private final PrefixTree stacks = new PrefixTree();
    /** By node of {@link #stacks} its place in the table of stacks; those that no sample has are in none. */
    private final Map<Integer, Integer> stackIndex = new HashMap<>();

    private final Protobuf stackTable = new Protobuf().message(7, new Protobuf());
    private final Protobuf data = new Protobuf();
    private final boolean lines;

    private Otlp(boolean lines) {
        this.lines = lines;
        string("");
    }

    /**
     * Writes a tree, whose samples have no times of their own; the caller closes {@code out}.
     *
     * @param service becomes the resource's {@code service.name}
     * @param startNanos nanoseconds since the epoch; 0 when unknown
     */
    public static void write(FrameTree tree, String service, long startNanos, long durationNanos, OutputStream out)
            throws IOException {
        Otlp otlp = new Otlp(false);
        otlp.tree(tree, service, startNanos, durationNanos);
        otlp.writeTo(out);
    }

    /**
     * Writes all samples of a query, each with its time and thread, a resource for each instance; the caller closes {@code out}.
     *
     * @param service the resources' {@code service.name}, where a source knows none
     * @param lines whether names end in lines
     */
    static void write(Profiles profiles, Query query, String service, boolean lines, OutputStream out)
            throws IOException {
        Otlp otlp = new Otlp(lines);
        ProfileSamples.visit(
                query,
                profiles,
                (source, measure, tree, samples) -> otlp.instance(source, service, measure, tree, samples));
        otlp.writeTo(out);
    }

    private static boolean isSampled(Measure measure) {
        return measure.isSampledTime() || measure.unit() == Unit.SAMPLES && SAMPLED.contains(measure.name());
    }

    private int string(String text) {
        Integer known = strings.putIfAbsent(text, strings.size());
        return known == null ? strings.size() - 1 : known;
    }

    /** The location of a frame's text; 0 is none. */
    private int location(String text) {
        int colon = lines ? Symbols.lineAt(text) : -1;
        String name = colon < 0 ? text : text.substring(0, colon);
        int line = colon < 0 ? 0 : Integer.parseInt(text.substring(colon + 1));
        Integer function = functions.putIfAbsent(name, functions.size() + 1);
        int index = function == null ? functions.size() : function;
        Integer known = locations.putIfAbsent(List.of(index, line), locations.size() + 1);
        return known == null ? locations.size() : known;
    }

    private int attribute(String key, String text, long number) {
        return attributes.computeIfAbsent(key + "\0" + (text == null ? number : text), k -> {
            Protobuf value = text == null ? new Protobuf().numberAlways(3, number) : new Protobuf().text(1, text);
            attributeTable.message(6, new Protobuf().number(1, string(key)).message(2, value));
            return attributes.size() + 1;
        });
    }

    /** By node of a tree the stack that all trees share. */
    private int[] shared(FrameTree tree) {
        int[] location = new int[tree.names().length];
        int[] shared = new int[tree.size()];
        for (int node = tree.rootIsFrame() ? 0 : 1; node < shared.length; node++) {
            int name = tree.nameIndex(node);
            location[name] = location[name] == 0 ? location(tree.names()[name]) : location[name];
            shared[node] = stacks.child(node == 0 ? 0 : shared[tree.parent(node)], location[name]);
        }
        return shared;
    }

    private int stack(int node) {
        return node == 0
                ? 0
                : stackIndex.computeIfAbsent(node, n -> {
                    LongArrayList path = new LongArrayList();
                    for (int at = n; at > 0; at = stacks.parent(at)) {
                        path.add(stacks.frame(at));
                    }
                    stackTable.message(7, new Protobuf().packed(1, path.size(), path::getLong));
                    return stackIndex.size() + 1;
                });
    }

    /** The identity of a sample: its stack and its thread. */
    private record Identity(int stack, int thread) {}

    private record Points(LongArrayList values, LongArrayList times) {}

    private void instance(
            ProfileSource source, String service, Measure measure, FrameTree tree, ProfileSamples samples) {
        ProfileInfo info = source.info();
        // Files without times have their samples at moment 0.
        boolean timed = info.startNanos() > 0;
        boolean sampled = isSampled(measure);
        int[] shared = shared(tree);
        Map<Identity, Points> points = new LinkedHashMap<>();
        long[] period = {0};
        samples.forEach((node, thread, timeNanos, value, count) -> {
            long shown = sampled ? count : value;
            if (sampled && measure.unit() == Unit.NANOSECONDS && count > 0) {
                period[0] = value / count;
            }
            Points of = points.computeIfAbsent(
                    new Identity(shared[node], thread), k -> new Points(new LongArrayList(), new LongArrayList()));
            if (timed) {
                of.values().add(shown);
                of.times().add(info.startNanos() + timeNanos);
            } else if (of.values().isEmpty()) {
                of.values().add(shown);
            } else {
                of.values().set(0, of.values().getLong(0) + shown);
            }
        });
        Protobuf profile = new Protobuf();
        type(profile, measure);
        points.forEach((identity, of) -> {
            Protobuf sample = new Protobuf().number(1, stack(identity.stack()));
            LongArrayList of2 = threadAttributes(samples, identity.thread());
            sample.packed(2, of2.size(), of2::getLong)
                    .packed(4, of.values().size(), of.values()::getLong)
                    .packedFixed64(5, of.times().size(), of.times()::getLong);
            profile.message(2, sample);
        });
        profile.fixed64(3, info.startNanos()).number(4, Math.max(0, info.durationNanos()));
        if (sampled) {
            profile.message(5, new Protobuf().number(1, string(measure.name())).number(2, string("nanoseconds")));
            profile.number(6, period[0] > 0 ? period[0] : interval(measure, info));
        }
        resource(source.service().isEmpty() ? service : source.service(), source.instance(), profile);
    }

    private LongArrayList threadAttributes(ProfileSamples samples, int thread) {
        LongArrayList indexes = new LongArrayList();
        if (!samples.threadName(thread).isEmpty()) {
            indexes.add(attribute("thread.name", samples.threadName(thread), 0));
        }
        if (samples.threadId(thread) != 0) {
            indexes.add(attribute("thread.id", null, samples.threadId(thread)));
        }
        return indexes;
    }

    /** Returns the interval in the profiler's settings; 0 when there is none. */
    private static long interval(Measure measure, ProfileInfo info) {
        String text = info.settings().get(measure.name().equals("wall") ? "wall" : "interval");
        try {
            return text == null ? 0 : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void type(Protobuf profile, Measure measure) {
        boolean sampled = isSampled(measure);
        String unit = switch (measure.unit()) {
            case SAMPLES, EVENTS -> "count";
            default -> measure.unit().word();
        };
        profile.message(
                1,
                new Protobuf()
                        .number(1, string(sampled ? "samples" : measure.name()))
                        .number(2, string(sampled ? "count" : unit)));
    }

    private void tree(FrameTree tree, String service, long startNanos, long durationNanos) throws IOException {
        Measure measure = tree.measure();
        // A sum of times is not a number of samples any more.
        boolean isTime = measure.unit() == Unit.NANOSECONDS;
        Protobuf profile = new Protobuf();
        if (isTime) {
            profile.message(1, new Protobuf().number(1, string(measure.name())).number(2, string("nanoseconds")));
        } else {
            type(profile, measure);
        }
        int[] shared = shared(tree);
        int all = 0;
        for (int node = 0; node < tree.size(); node++) {
            if (tree.self(node) == 0) {
                continue;
            }
            if (shared[node] == 0 && all == 0) {
                all = stacks.child(0, location(tree.name(0)));
            }
            int stack = stack(shared[node] == 0 ? all : shared[node]);
            long value = tree.self(node);
            profile.message(2, new Protobuf().number(1, stack).packed(4, 1, i -> value));
        }
        profile.fixed64(3, startNanos).number(4, durationNanos);
        if (!isTime && isSampled(measure)) {
            profile.message(5, new Protobuf().number(1, string(measure.name())).number(2, string("nanoseconds")));
        }
        resource(service, "", profile);
    }

    private void resource(String service, String instance, Protobuf profile) {
        Protobuf resource = new Protobuf().message(1, text("service.name", service));
        if (!instance.isEmpty()) {
            resource.message(1, text("service.instance.id", instance));
        }
        Protobuf scope =
                new Protobuf().message(1, new Protobuf().text(1, "davylamp")).message(2, profile);
        data.message(1, new Protobuf().message(1, resource).message(2, scope));
    }

    private static Protobuf text(String key, String value) {
        return new Protobuf().text(1, key).message(2, new Protobuf().text(1, value));
    }

    private void writeTo(OutputStream out) throws IOException {
        Protobuf dictionary = new Protobuf();
        dictionary.message(1, new Protobuf());
        dictionary.message(2, new Protobuf());
        locations
                .keySet()
                .forEach(location -> dictionary.message(
                        2,
                        new Protobuf()
                                .message(
                                        3,
                                        new Protobuf()
                                                .number(1, location.get(0))
                                                .number(2, location.get(1)))));
        dictionary.message(3, new Protobuf());
        functions.keySet().forEach(name -> dictionary.message(3, new Protobuf().number(1, string(name))));
        // The link to no span has ids of full length: some readers refuse others.
        dictionary.message(4, new Protobuf().bytes(1, NO_TRACE).bytes(2, NO_SPAN));
        strings.keySet().forEach(text -> dictionary.text(5, text));
        dictionary.append(attributeTable);
        dictionary.append(stackTable);
        data.message(2, dictionary).writeTo(out);
    }
}
