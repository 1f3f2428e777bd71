package io.davylamp.profile.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.export.Collapsed;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.FrameTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileCodecTest {
    static byte[] write(Profile profile) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProfileCodec.write(profile, out);
        return out.toByteArray();
    }

    private static Profile small() {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int run = builder.child(
                0, builder.frame(builder.method("java.lang.Thread", "java.lang.Thread", "run"), 840, FrameKind.JIT));
        int spin = builder.child(
                run, builder.frame(builder.method("Shop$$Lambda/0x7f", "Shop$$Lambda", "price"), 7, FrameKind.INLINED));
        int thread = builder.thread("main", 11, 1, false);
        builder.add(builder.samples(Measure.CPU), 1_000, spin, thread, (byte) 0, 10_000_000);
        builder.add(builder.samples(Measure.CPU), 2_000, run, thread, builder.state("STATE_RUNNABLE"), 10_000_000);
        return builder.build(new ProfileInfo(
                "async-profiler", 5_000, 9_000, new TreeMap<>(), new TreeMap<>(), 1, List.of("a warning")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"small_spring_multi45.jfr", "jdk_small_lucene.jfr"})
    void whatIsWrittenIsRead(String file) throws IOException {
        Profile profile = JfrImport.read(Recordings.source(file));

        Profile read = ProfileCodec.read(SeekableBytes.of(write(profile)));

        assertThat(read.info()).isEqualTo(profile.info());
        assertThat(read.summaries()).isEqualTo(profile.summaries());
        for (Measure measure : profile.measures().keySet()) {
            StringBuilder before = new StringBuilder();
            StringBuilder after = new StringBuilder();
            Collapsed.write(FrameTree.of(profile, measure, Detail.LINE).sorted(), before);
            Collapsed.write(FrameTree.of(read, measure, Detail.LINE).sorted(), after);
            assertThat(after.toString()).isEqualTo(before.toString());
        }
        assertThat(write(ProfileCodec.read(SeekableBytes.of(write(read))))).isEqualTo(write(read));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, ProfileCodec.VERSION})
    void theWorkedExampleOfTheDocumentationIsWhatItSays(int version) throws IOException {
        byte[] example = example(version);

        Profile read = ProfileCodec.read(SeekableBytes.of(example));

        assertThat(StoredProfile.open(SeekableBytes.of(example)).isOutdated()).isFalse();
        assertThat(read.info()).isEqualTo(small().info());
        assertThat(read.summaries()).isEqualTo(small().summaries());
        StringBuilder collapsed = new StringBuilder();
        Collapsed.write(FrameTree.of(read, Measure.CPU, Detail.LINE).sorted(), collapsed);
        assertThat(collapsed.toString())
                .isEqualTo("java.lang.Thread.run:840 10000000\n"
                        + "java.lang.Thread.run:840;Shop$$Lambda.price:7 10000000\n");
    }

    /** The examples of the documentation, by version. */
    private static byte[] example(int version) throws IOException {
        Matcher hex = Pattern.compile("```hex\n([0-9a-f\\s]+)```")
                .matcher(Files.readString(Path.of("../docs/formats/profile-v3.md")));
        while (hex.find()) {
            byte[] example = HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", ""));
            if (example[5] == version) {
                return example;
            }
        }
        throw new AssertionError("no example of version " + version);
    }

    @Test
    void aProfileOfVersion1IsReadAsSamplesAndSaysSo() throws IOException {
        StoredProfile stored = StoredProfile.open(SeekableBytes.of(example(1)));
        Profile read = stored.load();

        assertThat(stored.isOutdated()).isTrue();
        assertThat(read.measures().keySet()).containsExactly(Measure.CPU.inSamples());
        assertThat(read.summaries().get(0).samples()).isEqualTo(2);
        assertThat(read.info().warnings()).hasSize(2).last().asString().contains("older version");
    }

    @Test
    void rowsOfManySamplesComeBack() throws IOException {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int node = builder.child(0, builder.frame(builder.method("A", "A", "a"), 1, FrameKind.JIT));
        int thread = builder.thread("main", 1, 1, false);
        builder.add(builder.samples(Measure.WALL), 0, node, thread, (byte) 0, 50, 1);
        builder.add(builder.samples(Measure.WALL), 0, node, thread, (byte) 0, 350, 7);
        builder.add(builder.samples(Measure.CPU), 0, node, thread, (byte) 0, 10, 1);
        Profile profile = builder.build(new ProfileInfo("test", 0, 1, new TreeMap<>(), new TreeMap<>(), 1, List.of()));

        StoredProfile stored = StoredProfile.open(SeekableBytes.of(write(profile)));

        assertThat(stored.isOutdated()).isFalse();
        assertThat(stored.load().summaries()).isEqualTo(profile.summaries());
        assertThat(stored.measures())
                .containsExactly(
                        new StoredProfile.Totals(Measure.CPU, 1, 1, 10, 10),
                        new StoredProfile.Totals(Measure.WALL, 2, 8, 50, 400));
    }

    /** More frames follow one than have a rank, and in another order each time. */
    @Test
    void aFrameThatManyFollowComesBack() throws IOException {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int thread = builder.thread("main", 1, 1, false);
        int caller = builder.frame(builder.method("A", "A", "caller"), 1, FrameKind.JIT);
        int under = 0;
        Random random = new Random(7);
        for (int level = 0; level < 20; level++) {
            under = builder.child(under, caller);
            for (int i = 0; i < 100; i++) {
                String name = "m" + random.nextInt(200);
                int frame = builder.frame(builder.method("B", "B", name), random.nextInt(3), FrameKind.JIT);
                int node = builder.child(under, frame);
                builder.add(builder.samples(Measure.CPU), i * 1_000L, node, thread, (byte) 0, 1 + random.nextInt(5));
            }
        }
        Profile profile = builder.build(new ProfileInfo("test", 0, 1, new TreeMap<>(), new TreeMap<>(), 1, List.of()));

        Profile read = ProfileCodec.read(SeekableBytes.of(write(profile)));

        assertThat(read.summaries()).isEqualTo(profile.summaries());
        assertThat(collapsed(read)).isEqualTo(collapsed(profile));
    }

    private static String collapsed(Profile profile) throws IOException {
        StringBuilder text = new StringBuilder();
        Collapsed.write(FrameTree.of(profile, Measure.CPU, Detail.LINE).sorted(), text);
        return text.toString();
    }

    @Test
    void aFewBytesCannotStandForTextsWithoutEnd() {
        byte[][] texts = new byte[2_000][];
        Arrays.setAll(texts, i -> new byte[1_000]);
        Bytes.Out out = new Bytes.Out();
        out.sortedTexts(texts);

        assertThatThrownBy(() -> new Bytes.In("symbols", out.toArray()).sortedSymbols(1_999_999))
                .isInstanceOf(DamagedProfileException.class)
                .hasMessageContaining("texts of 2000000 bytes");
        assertThatCode(() -> new Bytes.In("symbols", out.toArray()).sortedSymbols(2_000_000))
                .doesNotThrowAnyException();
    }

    @Test
    void aSparseColumnStaysInsideItsRows() throws IOException {
        long[] numbers = {0, 0, 5, 0, 300, 0};
        Bytes.Out out = new Bytes.Out();
        out.sparse(numbers.length, i -> numbers[i]);

        assertThat(new Bytes.In("test", out.toArray()).sparseIndexes(6, 301)).containsExactly(0, 0, 5, 0, 300, 0);
        assertThatThrownBy(() -> new Bytes.In("test", out.toArray()).sparseIndexes(4, 301))
                .isInstanceOf(DamagedProfileException.class);
        assertThatThrownBy(() -> new Bytes.In("test", out.toArray()).sparseIndexes(6, 300))
                .isInstanceOf(DamagedProfileException.class);
    }

    @Test
    void aFlippedBitAnywhereIsNoticed() throws IOException {
        byte[] bytes = write(small());

        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 0x10;
            assertThatThrownBy(() -> ProfileCodec.read(SeekableBytes.of(bytes)))
                    .as("byte %d of %d", i, bytes.length)
                    .isInstanceOf(DamagedProfileException.class);
            bytes[i] ^= 0x10;
        }
    }

    @Test
    void aDamagedBlockIsNamedAndTheOthersStayReadable() throws IOException {
        Profile profile = JfrImport.read(Recordings.source("small_spring_multi45.jfr"));
        byte[] bytes = write(profile);
        StoredProfile whole = StoredProfile.open(SeekableBytes.of(bytes));
        Measure alloc = profile.measure("alloc");
        byte[] samples = null;
        for (int i = 0; i < bytes.length; i++) {
            // The samples of one measure are one block here: find a byte that only they need.
            bytes[i] ^= 1;
            try {
                StoredProfile damaged = StoredProfile.open(SeekableBytes.of(bytes));
                StoredProfile.Stacks stacks = damaged.loadStacks();
                damaged.loadSamples(Measure.CPU, stacks, Long.MIN_VALUE, Long.MAX_VALUE);
                int at = i;
                assertThatThrownBy(() -> damaged.loadSamples(alloc, stacks, Long.MIN_VALUE, Long.MAX_VALUE))
                        .as("byte %d", at)
                        .isInstanceOf(DamagedProfileException.class)
                        .hasMessageContaining("samples at offset");
                samples = bytes.clone();
                break;
            } catch (DamagedProfileException e) {
                bytes[i] ^= 1;
                i += 40; // somewhere else
            } catch (AssertionError e) {
                bytes[i] ^= 1;
                i += 40;
            }
        }
        assertThat(samples).as("a byte of the alloc block was found").isNotNull();
        assertThat(whole.measures()).extracting(totals -> totals.measure()).contains(alloc, Measure.CPU);
    }

    @Test
    void onlyBlocksOfTheTimeRangeAreRead() throws IOException {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        int node = builder.child(0, builder.frame(builder.method("A", "A", "a"), 1, FrameKind.JIT));
        int thread = builder.thread("main", 1, 1, false);
        for (int i = 0; i < 3 * Samples.BLOCK; i++) {
            builder.add(builder.samples(Measure.CPU), i * 1_000L, node, thread, (byte) 0, 1);
        }
        byte[] bytes =
                write(builder.build(new ProfileInfo("test", 0, 1, new TreeMap<>(), new TreeMap<>(), 1, List.of())));

        StoredProfile stored = StoredProfile.open(SeekableBytes.of(bytes));
        Samples middle = stored.loadSamples(
                Measure.CPU, stored.loadStacks(), Samples.BLOCK * 1_000L, (Samples.BLOCK + 10) * 1_000L);

        assertThat(middle.blocks()).hasSize(1);
        assertThat(middle.blocks().get(0).timeNanos(0)).isEqualTo(Samples.BLOCK * 1_000L);
        assertThat(stored.measures().get(0).total()).isEqualTo(3L * Samples.BLOCK);
    }

    /** Labels of samples, and what nobody has thought of yet. */
    @Test
    void sectionsOfLaterKindsAreSkipped() throws IOException {
        Profile without = ProfileCodec.read(SeekableBytes.of(CodecFuzz.withSections()));

        Profile with = ProfileCodec.read(
                SeekableBytes.of(CodecFuzz.withSections(ProfileCodec.LABELS, ProfileCodec.SAMPLE_LABELS, 99)));

        assertThat(write(with)).isEqualTo(write(without));
    }

    @Test
    void aCutFileIsNoticed() throws IOException {
        byte[] bytes = write(small());

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ProfileCodec.read(SeekableBytes.of(cut)))
                    .as("%d of %d bytes", length, bytes.length)
                    .isInstanceOf(DamagedProfileException.class);
        }
    }
}
