package io.davylamp.profile.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.profile.Detail;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.FrameTree;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.export.Collapsed;
import io.davylamp.profile.jfr.JfrImport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
        int run = builder.child(0, builder.frame(builder.method("java.lang.Thread", "run"), 840, FrameKind.JIT));
        int spin = builder.child(run, builder.frame(builder.method("Shop", "price"), 7, FrameKind.INLINED));
        int thread = builder.thread("main", 11, 1);
        builder.add(builder.samples(Measure.CPU), 1_000, spin, thread, (byte) 0, 1);
        builder.add(builder.samples(Measure.CPU), 2_000, run, thread, builder.state("STATE_RUNNABLE"), 1);
        return builder.build(new ProfileInfo("async-profiler", 5_000, 9_000, new TreeMap<>(), 1, List.of("a warning")));
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
            Collapsed.write(FrameTree.of(profile, measure, Detail.LINE), before);
            Collapsed.write(FrameTree.of(read, measure, Detail.LINE), after);
            assertThat(after.toString()).isEqualTo(before.toString());
        }
        assertThat(write(read)).isEqualTo(write(profile));
    }

    @Test
    void theWorkedExampleOfTheDocumentationIsWhatItSays() throws IOException {
        Matcher hex = Pattern.compile("```hex\n([0-9a-f\\s]+)```")
                .matcher(Files.readString(Path.of("../docs/formats/profile-v1.md")));
        assertThat(hex.find()).isTrue();
        byte[] example = HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", ""));

        Profile read = ProfileCodec.read(SeekableBytes.of(example));

        assertThat(read.info()).isEqualTo(small().info());
        assertThat(read.summaries()).isEqualTo(small().summaries());
        StringBuilder collapsed = new StringBuilder();
        Collapsed.write(FrameTree.of(read, Measure.CPU, Detail.LINE), collapsed);
        assertThat(collapsed.toString())
                .isEqualTo("java.lang.Thread.run:840 1\njava.lang.Thread.run:840;Shop.price:7 1\n");
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
