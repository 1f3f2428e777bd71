package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.profiles.v1development.Function;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.Mapping;
import io.opentelemetry.proto.profiles.v1development.ProfilesData;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.Sample;
import io.opentelemetry.proto.profiles.v1development.Stack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The profiles signal by the rules of its protocol, decoded with the protocol's own classes. */
class OtlpTest {
    private static ProfilesData export(String words, ProfileSource... sources) throws IOException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String word : words.split("&")) {
            parameters.put(word.split("=")[0], List.of(word.split("=")[1]));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Profiles views = new Profiles(List.of(sources), List.of(), Merges.NONE);
        ViewRequest.of(ViewKind.FLAME, new Parameters(parameters), new ViewLimits(1000, 1000, 1_000_000))
                .write(views, "shop", out);
        return ProfilesData.parseFrom(out.toByteArray());
    }

    private static Profile recording() throws IOException {
        return JfrImport.read(Recordings.source("small_spring_multi45.jfr"));
    }

    private static String string(ProfilesData data, int index) {
        return data.getDictionary().getStringTable(index);
    }

    private static Map<String, String> attributes(ResourceProfiles resource) {
        return resource.getResource().getAttributesList().stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, each -> each.getValue().getStringValue()));
    }

    private static TreeMap<String, Long> stacks(ProfilesData data) {
        ProfilesDictionary dictionary = data.getDictionary();
        TreeMap<String, Long> stacks = new TreeMap<>();
        for (ResourceProfiles resource : data.getResourceProfilesList()) {
            for (Sample sample : resource.getScopeProfiles(0).getProfiles(0).getSamplesList()) {
                List<String> frames = new ArrayList<>();
                for (int index :
                        dictionary.getStackTable(sample.getStackIndex()).getLocationIndicesList()) {
                    Location location = dictionary.getLocationTable(index);
                    Function function =
                            dictionary.getFunctionTable(location.getLines(0).getFunctionIndex());
                    frames.add(string(data, function.getNameStrindex()));
                }
                Collections.reverse(frames);
                stacks.merge(
                        String.join(";", frames),
                        sample.getValuesList().stream().mapToLong(each -> each).sum(),
                        Long::sum);
            }
        }
        return stacks;
    }

    private static TreeMap<String, Long> stacks(Profile profile, String measure) throws IOException {
        StringBuilder out = new StringBuilder();
        Collapsed.write(
                FrameTree.of(profile, profile.measure(measure), Detail.METHOD).sorted(), out);
        TreeMap<String, Long> stacks = new TreeMap<>();
        out.toString()
                .lines()
                .forEach(line -> stacks.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        Long.parseLong(line.substring(line.lastIndexOf(' ') + 1))));
        return stacks;
    }

    @Test
    void processorTimeIsSamplesInCountWithItsPeriod() throws IOException {
        ProfilesData data = export("measure=cpu&format=otlp", ProfileSource.of("shop-1", recording()));

        var profile = data.getResourceProfiles(0).getScopeProfiles(0).getProfiles(0);
        assertThat(string(data, profile.getSampleType().getTypeStrindex())).isEqualTo("samples");
        assertThat(string(data, profile.getSampleType().getUnitStrindex())).isEqualTo("count");
        assertThat(string(data, profile.getPeriodType().getTypeStrindex())).isEqualTo("cpu");
        assertThat(string(data, profile.getPeriodType().getUnitStrindex())).isEqualTo("nanoseconds");
        assertThat(profile.getPeriod()).isPositive();
        assertThat(attributes(data.getResourceProfiles(0)))
                .containsEntry("service.name", "shop")
                .containsEntry("service.instance.id", "shop-1");
    }

    @Test
    void pprofHasTheSamplesAndTheTimeOfWhatIsTakenAtAnInterval() throws IOException {
        Profile profile = recording();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Profiles views = new Profiles(List.of(ProfileSource.of("one", profile)), List.of(), Merges.NONE);
        ViewRequest.of(
                        ViewKind.FLAME,
                        new Parameters(Map.of("measure", List.of("cpu"), "format", List.of("pprof"))),
                        new ViewLimits(1000, 1000, 1_000_000))
                .write(views, "shop", out);

        Profile read = ProfileFile.read(SeekableBytes.of(out.toByteArray()), UnpackLimits.LOCAL, Scratch::temporary);

        assertThat(read.measures().keySet().stream().map(Measure::name)).containsExactly("cpu", "samples");
        assertThat(stacks(read, "cpu")).isEqualTo(stacks(profile, "cpu"));
        assertThat(read.info().settings()).containsEntry("event", "cpu").containsKey("period");
    }

    @ParameterizedTest
    @CsvSource({"alloc, bytes", "lock, nanoseconds"})
    void samplesHaveTheStacksTimesAndThreadsOfTheRecording(String measure, String unit) throws IOException {
        Profile profile = recording();

        ProfilesData data = export("measure=" + measure + "&format=otlp", ProfileSource.of("one", profile));

        var written = data.getResourceProfiles(0).getScopeProfiles(0).getProfiles(0);
        assertThat(string(data, written.getSampleType().getUnitStrindex())).isEqualTo(unit);
        assertThat(stacks(data)).isEqualTo(stacks(profile, measure));
        long start = written.getTimeUnixNano();
        long samples = 0;
        for (Sample sample : written.getSamplesList()) {
            assertThat(sample.getTimestampsUnixNanoCount()).isEqualTo(sample.getValuesCount());
            assertThat(sample.getTimestampsUnixNanoList())
                    .allMatch(time -> time >= start && time <= start + written.getDurationNano());
            samples += sample.getValuesCount();
            KeyValueAndUnit thread = data.getDictionary().getAttributeTable(sample.getAttributeIndices(0));
            assertThat(string(data, thread.getKeyStrindex())).isEqualTo("thread.name");
            assertThat(thread.getValue().getStringValue()).isNotEmpty();
        }
        assertThat(samples)
                .isEqualTo(profile.measures().get(profile.measure(measure)).size());
    }

    @Test
    void entryZeroOfEachTableIsTheZeroValueAndNothingIsThereTwice() throws IOException {
        ProfileSource one = ProfileSource.of("one", recording());

        ProfilesData data = export("measure=alloc&format=otlp&detail=line", one, ProfileSource.of("two", recording()));

        ProfilesDictionary dictionary = data.getDictionary();
        assertThat(dictionary.getMappingTable(0)).isEqualTo(Mapping.getDefaultInstance());
        assertThat(dictionary.getLocationTable(0)).isEqualTo(Location.getDefaultInstance());
        assertThat(dictionary.getFunctionTable(0)).isEqualTo(Function.getDefaultInstance());
        assertThat(dictionary.getAttributeTable(0)).isEqualTo(KeyValueAndUnit.getDefaultInstance());
        assertThat(dictionary.getStackTable(0)).isEqualTo(Stack.getDefaultInstance());
        assertThat(dictionary.getStringTable(0)).isEmpty();
        Link none = dictionary.getLinkTable(0);
        assertThat(none.getTraceId().toByteArray()).isEqualTo(new byte[16]);
        assertThat(none.getSpanId().toByteArray()).isEqualTo(new byte[8]);
        assertThat(dictionary.getLocationTableList().stream()
                        .anyMatch(each ->
                                each.getLinesCount() > 0 && each.getLines(0).getLine() > 0))
                .isTrue();
        for (List<?> table : List.of(
                dictionary.getLocationTableList(),
                dictionary.getFunctionTableList(),
                dictionary.getAttributeTableList(),
                dictionary.getStackTableList(),
                dictionary.getStringTableList())) {
            assertThat(new HashSet<>(table)).hasSameSizeAs(table);
        }
        assertThat(data.getResourceProfilesList().stream().map(OtlpTest::attributes))
                .extracting(each -> each.get("service.instance.id"))
                .containsExactly("one", "two");
    }

    @Test
    void anotherShapeHasNoTimesButTheSameSum() throws IOException {
        Profile profile = recording();

        ProfilesData data = export("measure=alloc&format=otlp&reversed=true", ProfileSource.of("one", profile));

        var written = data.getResourceProfiles(0).getScopeProfiles(0).getProfiles(0);
        assertThat(written.getSamplesList()).allMatch(sample -> sample.getTimestampsUnixNanoCount() == 0);
        assertThat(stacks(data).values().stream().mapToLong(each -> each).sum())
                .isEqualTo(stacks(profile, "alloc").values().stream()
                        .mapToLong(each -> each)
                        .sum());
    }
}
