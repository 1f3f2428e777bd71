package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.jfr.MalformedJfrException;
import io.davylamp.jfr.Scrubbed;
import io.davylamp.jfr.Scrubber;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets go, all else of a recording stays; the JDK's own reader is the judge. */
class ScrubberTest {
    private static final String SECRET = "hunter2-Grüße";
    private static final Map<String, Set<String>> FIELDS = Map.ofEntries(
            Map.entry("jdk.InitialSystemProperty", Set.of("value")),
            Map.entry("jdk.InitialEnvironmentVariable", Set.of("value")),
            Map.entry("jdk.InitialSecurityProperty", Set.of("value")),
            Map.entry("jdk.SecurityPropertyModification", Set.of("value")),
            Map.entry("jdk.JVMInformation", Set.of("jvmArguments", "jvmFlags", "javaArguments")),
            Map.entry("jdk.SystemProcess", Set.of("commandLine")),
            Map.entry("jdk.ProcessStart", Set.of("command")),
            Map.entry("jdk.JavaAgent", Set.of("options")),
            Map.entry("jdk.NativeAgent", Set.of("options")),
            Map.entry("jdk.StringFlag", Set.of("value")),
            Map.entry("profiler.ProcessSample", Set.of("cmdLine")));

    @TempDir
    Path folder;

    static Stream<String> recordings() {
        return Stream.of(
                "all_events46.jfr",
                "demo_cpu29.jfr",
                "demo_wall29.jfr",
                "jdk17_alloc_both.jfr",
                "jdk25_cputime.jfr",
                "jdk25_virtual.jfr",
                "page_faults46_2chunks.jfr",
                "small_h2_cpu45.jfr",
                "small_spring_sw30.jfr",
                "tiny_demo.jfr");
    }

    private static byte[] scrubbed(byte[] recording) throws IOException {
        Scrubbed found = Scrubber.find(ByteSource.of(recording), JfrLimits.DEFAULT);
        byte[] scrubbed = recording.clone();
        found.apply(0, scrubbed, 0, scrubbed.length);
        // In pieces of any length they are the same.
        byte[] pieces = recording.clone();
        for (int at = 0; at < pieces.length; at += 977) {
            found.apply(at, pieces, at, Math.min(977, pieces.length - at));
        }
        assertThat(pieces).isEqualTo(scrubbed);
        return scrubbed;
    }

    private static byte[] profile(byte[] recording) throws IOException {
        Profile profile = JfrImport.read(SeekableBytes.of(recording));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProfileCodec.write(profile, out);
        return out.toByteArray();
    }

    private List<RecordedEvent> events(String name, byte[] recording) throws IOException {
        return RecordingFile.readAllEvents(Files.write(folder.resolve(name), recording));
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void everyReaderSeesTheSameButTheSecrets(String file) throws IOException {
        byte[] original = Recordings.bytes(file);

        byte[] scrubbed = scrubbed(original);

        assertThat(scrubbed).hasSameSizeAs(original);
        assertThat(profile(scrubbed)).isEqualTo(profile(original));
        List<RecordedEvent> before = events("before.jfr", original);
        List<RecordedEvent> after = events("after.jfr", scrubbed);
        assertThat(after).hasSameSizeAs(before);
        Map<String, Integer> hidden = new TreeMap<>();
        for (int i = 0; i < before.size(); i++) {
            compare(before.get(i), after.get(i), hidden);
        }
        if (before.stream().anyMatch(event -> event.getEventType().getName().equals("jdk.InitialSystemProperty"))) {
            assertThat(hidden).containsKey("jdk.InitialSystemProperty.value");
        }
        assertThat(scrubbed(scrubbed)).as("scrubbed twice").isEqualTo(scrubbed);
    }

    private static void compare(RecordedEvent before, RecordedEvent after, Map<String, Integer> hidden) {
        String type = before.getEventType().getName();
        Set<String> fields = FIELDS.getOrDefault(type, Set.of());
        if (fields.isEmpty()) {
            assertThat(after.toString()).isEqualTo(before.toString());
            return;
        }
        before.getFields().forEach(field -> {
            Object was = before.getValue(field.getName());
            Object is = after.getValue(field.getName());
            if (!fields.contains(field.getName()) || was == null) {
                assertThat(String.valueOf(is)).as(type + "." + field.getName()).isEqualTo(String.valueOf(was));
            } else if (!was.equals(is)) {
                hidden.merge(type + "." + field.getName(), 1, Integer::sum);
                assertThat((String) is).hasSize(((String) was).getBytes(StandardCharsets.UTF_8).length);
            }
        });
    }

    @Test
    void recordingsBehindOneAnotherLoseTheSecretsOfAll() throws IOException {
        byte[] first = Recordings.bytes("small_h2_cpu45.jfr");
        byte[] second = Recordings.bytes("jdk17_alloc_both.jfr");
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        byte[] scrubbed = scrubbed(both);

        assertThat(Arrays.copyOf(scrubbed, first.length)).isEqualTo(scrubbed(first));
        assertThat(Arrays.copyOfRange(scrubbed, first.length, both.length)).isEqualTo(scrubbed(second));
        assertThat(profile(scrubbed)).isEqualTo(profile(both));
    }

    /** A refusal is an answer; anything else that is thrown, or takes long, holds up the recordings of others. */
    @Test
    void whateverIsDamagedIsScrubbedOrRefused() throws IOException {
        byte[] whole = Recordings.bytes("tiny_demo.jfr");
        Random random = new Random(1);
        for (int round = 0; round < 3_000; round++) {
            byte[] damaged = round % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = round % 3; i > 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                byte[] scrubbed = damaged.clone();
                Scrubber.find(ByteSource.of(damaged), JfrLimits.DEFAULT).apply(0, scrubbed, 0, scrubbed.length);
            } catch (MalformedJfrException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void noSecretOfAJvmIsLeft() throws Exception {
        Path file = folder.resolve("jvm.jfr");
        Path program = Files.writeString(
                folder.resolve("Sleep.java"),
                "class Sleep { public static void main(String[] a) throws Exception { Thread.sleep(1500); } }");
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-Dstore.password=" + SECRET,
                "-Dspaced=a " + SECRET + " -Xmx" + SECRET,
                "-XX:OnOutOfMemoryError=echo " + SECRET,
                "-XX:StartFlightRecording:settings=profile,filename=" + file,
                program.toString(),
                "--token",
                SECRET);
        java.environment().put("API_KEY", SECRET);
        java.redirectErrorStream(true).redirectOutput(folder.resolve("out.txt").toFile());
        Process process = java.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        byte[] original = Files.readAllBytes(file);
        assertThat(occurrences(original)).as("what there was to hide").isGreaterThan(5);

        byte[] scrubbed = scrubbed(original);

        assertThat(occurrences(scrubbed)).isZero();
        List<RecordedEvent> events = events("scrubbed.jfr", scrubbed);
        RecordedEvent jvm = events.stream()
                .filter(event -> event.getEventType().getName().equals("jdk.JVMInformation"))
                .findFirst()
                .orElseThrow();
        assertThat(jvm.getString("jvmArguments"))
                .contains("-Xmx64m", "-XX:+UseSerialGC", "-Dstore.password=***")
                .doesNotContain("hunter");
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals("jdk.InitialSystemProperty"))
                        .filter(event -> event.getString("key").equals("java.vm.version"))
                        .map(event -> event.getString("value")))
                .contains(System.getProperty("java.vm.version"));
    }

    /** How often the secret stands there, in any encoding, or enough of it to know the rest. */
    private static int occurrences(byte[] recording) {
        String bytes = new String(recording, StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int at = -1; (at = bytes.indexOf("hunter2", at + 1)) >= 0; ) {
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void everyEncodingOfAStringIsScrubbed(int encoding) throws IOException {
        byte[] original = Recordings.bytes("small_h2_cpu45.jfr");
        byte[] recoded = StringsRecoded.as(encoding, original, "jdk.InitialSystemProperty");

        byte[] scrubbed = scrubbed(recoded);

        assertThat(profile(scrubbed)).isEqualTo(profile(original));
        List<String> values = new ArrayList<>();
        for (RecordedEvent event : events("recoded.jfr", scrubbed)) {
            if (event.getEventType().getName().equals("jdk.InitialSystemProperty")
                    && event.getString("key")
                            .matches("(user|sun|java)\\.(dir|home|java.command|class.path|library.path)")) {
                values.add(event.getString("value"));
            }
        }
        assertThat(values).isNotEmpty().allMatch(value -> value.matches("\\**"));
    }

    @Test
    void whatNobodyCanReadAfterTheLastChunkGoes() throws IOException {
        byte[] whole = Recordings.bytes("tiny_demo.jfr");
        byte[] cut = Arrays.copyOf(whole, whole.length * 2 - 100);
        System.arraycopy(whole, 0, cut, whole.length, cut.length - whole.length);

        byte[] scrubbed = scrubbed(cut);

        assertThat(Arrays.copyOfRange(scrubbed, whole.length, whole.length + 68))
                .isEqualTo(Arrays.copyOf(whole, 68));
        assertThat(Arrays.copyOfRange(scrubbed, whole.length + 68, cut.length)).containsOnly(0);
        assertThat(profile(scrubbed)).isEqualTo(profile(cut));
    }

    @Test
    void aDamagedChunkIsRefusedBecauseNobodyKnowsWhereItsSecretsAre() {
        byte[] damaged = Recordings.bytes("tiny_demo.jfr");
        Arrays.fill(damaged, 200, 4_000, (byte) 0xff);

        assertThatThrownBy(() -> Scrubber.find(ByteSource.of(damaged), JfrLimits.DEFAULT))
                .isInstanceOf(MalformedJfrException.class);
    }
}
