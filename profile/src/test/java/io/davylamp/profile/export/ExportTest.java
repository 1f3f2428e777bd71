package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.ProfileSource;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.ProfilesData;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.Sample;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import one.jfr.JfrReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we write, read by others: the stacks of every export are those of the tree. */
class ExportTest {
    private static FrameTree tree(String file, String measure, Detail detail) throws IOException {
        Profile profile = JfrImport.read(
                SeekableBytes.of(Recordings.bytes(file)), NameRules.RAW, JfrLimits.DEFAULT, ProfileLimits.DEFAULT, 1);
        return FrameTree.of(profile, profile.measure(measure), detail).sorted();
    }

    private static FrameTree tree() throws IOException {
        return tree("small_spring_multi45.jfr", "alloc", Detail.METHOD);
    }

    /** Stack to value; equal stacks added. */
    private static TreeMap<String, Long> stacks(String collapsed) {
        TreeMap<String, Long> stacks = new TreeMap<>();
        collapsed.lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            stacks.merge(line.substring(0, space), Long.parseLong(line.substring(space + 1)), Long::sum);
        });
        return stacks;
    }

    private static TreeMap<String, Long> stacks(FrameTree tree) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree, out);
        return stacks(out.toString());
    }

    private static String joined(List<String> innermostFirst) {
        List<String> frames = new ArrayList<>(innermostFirst);
        Collections.reverse(frames);
        return String.join(";", frames);
    }

    /** Differences that stay are told in docs/formats/exports.md. */
    @ParameterizedTest
    @CsvSource({
        "small_spring_multi45.jfr, cpu",
        "small_spring_multi45.jfr, alloc",
        "small_spring_multi45.jfr, lock",
        "small_h2_cpu45.jfr, cpu",
        "small_spring_sw30.jfr, cpu",
        "small_spring_sw30.jfr, alloc",
        "small_spring_sw30.jfr, lock"
    })
    void collapsedStacksAreThoseOfTheConverter(String file, String measure, @TempDir Path folder) throws IOException {
        Path recording = Files.write(folder.resolve(file), Recordings.bytes(file));
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (JfrReader reader = new JfrReader(recording.toString())) {
            JfrToFlame converter =
                    new JfrToFlame(reader, new Arguments("--" + measure, "--total", "--dot", "-o", "collapsed"));
            converter.convert();
            converter.dump(theirs);
        }

        // It counts samples, we time them.
        long interval = ProfileSource.of("", JfrImport.read(Recordings.source(file))).measures().stream()
                .filter(totals -> totals.measure().name().equals(measure))
                .mapToLong(ProfileSource.Totals::intervalNanos)
                .sum();
        TreeMap<String, Long> expected = alike(stacks(theirs.toString(StandardCharsets.UTF_8)));
        expected.replaceAll((stack, value) -> value * Math.max(1, interval));
        assertThat(interval > 0).isEqualTo(measure.equals("cpu"));
        assertThat(alike(stacks(tree(file, measure, Detail.METHOD)))).isEqualTo(expected);
    }

    /** Without what the two write differently on purpose: their suffix for the frame's kind, our prefix for the library. */
    private static TreeMap<String, Long> alike(TreeMap<String, Long> stacks) {
        TreeMap<String, Long> alike = new TreeMap<>();
        stacks.forEach((stack, value) -> {
            String frames = Arrays.stream(stack.split(";"))
                    .map(frame -> frame.replaceAll("_\\[[0-9jik]]$", ""))
                    .map(frame -> frame.replaceAll("^[^ (/]*\\.so[.0-9]*\\.(?=.)", ""))
                    .map(frame -> frame.replaceAll("^(\\[[^]]*]|vdso)\\.", ""))
                    .collect(Collectors.joining(";"));
            alike.merge(frames, value, Long::sum);
        });
        return alike;
    }

    @Test
    void collapsedStacksComeBackAsTheyWere() throws IOException {
        FrameTree tree = tree("small_spring_multi45.jfr", "cpu", Detail.METHOD);
        StringBuilder out = new StringBuilder();
        Collapsed.write(tree, out);

        Profile read = CollapsedImport.read(
                new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)), ProfileLimits.DEFAULT);

        Measure measure = read.measures().firstKey();
        assertThat(stacks(FrameTree.of(read, measure, Detail.METHOD).sorted())).isEqualTo(stacks(tree));
    }

    @Test
    void openTelemetrysOwnClassesReadTheSameStacks() throws IOException {
        FrameTree tree = tree();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Otlp.write(tree, "shop", 5, 7, out);

        ProfilesData data = ProfilesData.parseFrom(out.toByteArray());

        ProfilesDictionary dictionary = data.getDictionary();
        var resource = data.getResourceProfiles(0);
        assertThat(resource.getResource().getAttributes(0).getValue().getStringValue())
                .isEqualTo("shop");
        var profile = resource.getScopeProfiles(0).getProfiles(0);
        assertThat(profile.getTimeUnixNano()).isEqualTo(5);
        assertThat(profile.getDurationNano()).isEqualTo(7);
        assertThat(dictionary.getStringTable(profile.getSampleType().getTypeStrindex()))
                .isEqualTo("alloc");
        assertThat(dictionary.getStringTable(profile.getSampleType().getUnitStrindex()))
                .isEqualTo("bytes");
        // Entry 0 of each table stands for "none".
        assertThat(dictionary.getStringTable(0)).isEmpty();
        assertThat(dictionary.getStackTable(0).getLocationIndicesCount()).isZero();
        assertThat(dictionary.getUnknownFields().asMap()).isEmpty();
        TreeMap<String, Long> stacks = new TreeMap<>();
        for (Sample sample : profile.getSamplesList()) {
            List<String> frames = new ArrayList<>();
            for (int index : dictionary.getStackTable(sample.getStackIndex()).getLocationIndicesList()) {
                Location location = dictionary.getLocationTable(index);
                frames.add(dictionary.getStringTable(dictionary
                        .getFunctionTable(location.getLines(0).getFunctionIndex())
                        .getNameStrindex()));
            }
            stacks.merge(joined(frames), sample.getValues(0), Long::sum);
        }
        assertThat(stacks).isEqualTo(stacks(tree));
    }

    private static FieldDescriptorProto field(String name, int number, Type type, boolean repeated, String message) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(repeated ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
        return (message == null ? field : field.setTypeName(message)).build();
    }

    /** The part of pprof's profile.proto that we write; pprof publishes no Java classes. */
    private static Descriptor pprof() throws Exception {
        Type number = Type.TYPE_INT64;
        Type id = Type.TYPE_UINT64;
        Type part = Type.TYPE_MESSAGE;
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("profile.proto")
                .setPackage("perftools.profiles")
                .setSyntax("proto3")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Profile")
                        .addField(field("sample_type", 1, part, true, ".perftools.profiles.ValueType"))
                        .addField(field("sample", 2, part, true, ".perftools.profiles.Sample"))
                        .addField(field("location", 4, part, true, ".perftools.profiles.Location"))
                        .addField(field("function", 5, part, true, ".perftools.profiles.Function"))
                        .addField(field("string_table", 6, Type.TYPE_STRING, true, null))
                        .addField(field("time_nanos", 9, number, false, null))
                        .addField(field("duration_nanos", 10, number, false, null)))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("ValueType")
                        .addField(field("type", 1, number, false, null))
                        .addField(field("unit", 2, number, false, null)))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Sample")
                        .addField(field("location_id", 1, id, true, null))
                        .addField(field("value", 2, number, true, null)))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Location")
                        .addField(field("id", 1, id, false, null))
                        .addField(field("line", 4, part, true, ".perftools.profiles.Line")))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Line")
                        .addField(field("function_id", 1, id, false, null))
                        .addField(field("line", 2, number, false, null)))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Function")
                        .addField(field("id", 1, id, false, null))
                        .addField(field("name", 2, number, false, null))
                        .addField(field("system_name", 3, number, false, null)))
                .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Profile");
    }

    private static Object get(Message message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> list(Message message, String field) {
        return (List<T>) get(message, field);
    }

    @Test
    void pprofsSchemaReadsTheSameStacksAndLines() throws Exception {
        FrameTree tree = tree("small_spring_multi45.jfr", "cpu", Detail.LINE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Pprof.write(tree, true, 5, 7, out);

        DynamicMessage profile =
                DynamicMessage.parseFrom(pprof(), new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())));

        assertThat(profile.getUnknownFields().asMap()).isEmpty();
        List<String> strings = list(profile, "string_table");
        assertThat(strings.get(0)).isEmpty();
        assertThat(get(profile, "time_nanos")).isEqualTo(5L);
        assertThat(get(profile, "duration_nanos")).isEqualTo(7L);
        Message type = ExportTest.<Message>list(profile, "sample_type").get(0);
        assertThat(strings.get(((Long) get(type, "type")).intValue())).isEqualTo("cpu");
        List<Message> locations = list(profile, "location");
        List<Message> functions = list(profile, "function");
        for (int i = 0; i < locations.size(); i++) {
            assertThat(get(locations.get(i), "id")).isEqualTo(i + 1L); // ids are never 0
        }
        TreeMap<String, Long> stacks = new TreeMap<>();
        for (Message sample : ExportTest.<Message>list(profile, "sample")) {
            List<String> frames = new ArrayList<>();
            for (Long id : ExportTest.<Long>list(sample, "location_id")) {
                Message line = ExportTest.<Message>list(locations.get(id.intValue() - 1), "line")
                        .get(0);
                Message function = functions.get(((Long) get(line, "function_id")).intValue() - 1);
                long number = (Long) get(line, "line");
                frames.add(strings.get(((Long) get(function, "name")).intValue()) + (number > 0 ? ":" + number : ""));
            }
            stacks.merge(joined(frames), ExportTest.<Long>list(sample, "value").get(0), Long::sum);
        }
        assertThat(stacks).isEqualTo(stacks(tree));
    }

    /** By the rules of firefox-devtools/profiler, src/types/profile.ts. */
    @Test
    void firefoxsSamplesAreTheStacks() throws IOException {
        FrameTree tree = tree();
        StringWriter out = new StringWriter();
        Firefox.write(tree, "a \"name\"", 5_000_000, out);

        JsonNode file = new ObjectMapper().readTree(out.toString());

        assertThat(file.get("meta").get("preprocessedProfileVersion").asInt()).isEqualTo(47);
        assertThat(file.get("meta").get("startTime").asDouble()).isEqualTo(5);
        JsonNode categories = file.get("meta").get("categories");
        assertThat(categories).extracting(each -> each.get("color").asText()).contains("grey");
        JsonNode thread = file.get("threads").get(0);
        for (String name : List.of(
                "samples", "markers", "stackTable", "frameTable", "funcTable", "resourceTable", "nativeSymbols")) {
            JsonNode table = thread.get(name);
            table.properties().forEach(column -> {
                if (column.getValue().isArray()) {
                    assertThat(column.getValue())
                            .as(name + "." + column.getKey())
                            .hasSize(table.get("length").asInt());
                }
            });
        }
        JsonNode stackTable = thread.get("stackTable");
        TreeMap<String, Long> stacks = new TreeMap<>();
        JsonNode samples = thread.get("samples");
        for (int i = 0; i < samples.get("length").asInt(); i++) {
            List<String> frames = new ArrayList<>();
            JsonNode stack = samples.get("stack").get(i);
            while (!stack.isNull()) {
                int at = stack.asInt();
                int frame = stackTable.get("frame").get(at).asInt();
                int func = thread.get("frameTable").get("func").get(frame).asInt();
                int name = thread.get("funcTable").get("name").get(func).asInt();
                frames.add(0, thread.get("stringArray").get(name).asText());
                assertThat(stackTable.get("category").get(at).asInt()).isLessThan(categories.size());
                stack = stackTable.get("prefix").get(at);
                // Callers come before what they call.
                assertThat(stack.isNull() || stack.asInt() < at).isTrue();
            }
            stacks.merge(String.join(";", frames), samples.get("weight").get(i).asLong(), Long::sum);
        }
        assertThat(stacks).isEqualTo(stacks(tree));
        assertThat(samples.get("weightType").asText()).isEqualTo("bytes");
    }

    @Test
    void speedscopesSamplesAreTheStacks() throws IOException {
        FrameTree tree = tree();
        StringWriter out = new StringWriter();
        Speedscope.write(tree, "a \"name\"", out);

        JsonNode file = new ObjectMapper().readTree(out.toString());

        JsonNode profile = file.get("profiles").get(0);
        TreeMap<String, Long> stacks = new TreeMap<>();
        for (int i = 0; i < profile.get("samples").size(); i++) {
            List<String> frames = new ArrayList<>();
            profile.get("samples")
                    .get(i)
                    .forEach(frame -> frames.add(file.get("shared")
                            .get("frames")
                            .get(frame.asInt())
                            .get("name")
                            .asText()));
            stacks.merge(String.join(";", frames), profile.get("weights").get(i).asLong(), Long::sum);
        }
        assertThat(stacks).isEqualTo(stacks(tree));
        assertThat(profile.get("unit").asText()).isEqualTo("bytes");
        assertThat(profile.get("endValue").asLong()).isEqualTo(tree.total());
    }
}
