package io.davylamp.core.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.quota.Quotas;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.Store;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.Unit;
import io.davylamp.profile.view.ProfileSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an older version left on a disk is asked for. */
class OlderProfilesTest {
    private final Store store = new InMemoryStore();
    private final Blobs blobs = new InMemoryBlobs();
    private final RecordingReader reader = new RecordingReader(blobs, 1 << 24, 0);
    private final ProfileQuery query = new ProfileQuery(
            blobs, QueryLimits.DEFAULT, new OlderProfiles(store, blobs, reader, Clock.systemUTC())::renew, Quotas.NONE);

    /** The example of version 1 in the documentation: two samples of cpu. */
    private static byte[] versionOne() throws IOException {
        Matcher hex = Pattern.compile("```hex\n([0-9a-f\\s]+)```")
                .matcher(Files.readString(Path.of("../docs/formats/profile-v3.md")));
        while (hex.find()) {
            byte[] example = HexFormat.of().parseHex(hex.group(1).replaceAll("\\s", ""));
            if (example[5] == 1) {
                return example;
            }
        }
        throw new AssertionError("no example of version 1");
    }

    private void put(String key, byte[] bytes) throws IOException {
        try (Blobs.Writer writer = blobs.writer(key)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        }
    }

    private void row(Origin origin, String profileKey, String bytesKey) {
        Recording row = new Recording(
                "a",
                origin,
                "",
                "shop",
                "shop-1",
                new TreeMap<>(),
                0,
                0,
                bytesKey,
                profileKey,
                1,
                "",
                RecordingState.READY,
                2,
                0,
                "",
                0,
                1,
                0,
                Recording.FOR_GOOD);
        store.write(tx -> {
            tx.recordings().insert(row);
            return null;
        });
    }

    @ParameterizedTest
    @CsvSource({"ASSIGNMENT, profiles/t/a.dlp, recordings/t/a.jfr", "OPENED_FILE, files/f/profile, files/f/recording"})
    void isMadeAnewOfItsRecording(Origin origin, String profile, String recording) throws IOException {
        row(origin, profile, recording);
        put(profile, versionOne());
        put(recording, Recordings.bytes("small_h2_cpu45.jfr"));

        ProfileSource source = query.source(profile, "one");

        ProfileSource.Totals cpu = source.measures().get(0);
        assertThat(cpu.measure().unit()).isEqualTo(Unit.NANOSECONDS);
        assertThat(cpu.samples()).isEqualTo(1886);
        assertThat(cpu.total()).isEqualTo(1886 * cpu.intervalNanos());
        assertThat(source.info().warnings()).isEmpty();
    }

    @Test
    void isReadAnewByAServerThatKeptTheOldOneInMemory() throws IOException {
        row(Origin.ASSIGNMENT, "profiles/t/a.dlp", "recordings/t/a.jfr");
        put("profiles/t/a.dlp", versionOne());
        put("recordings/t/a.jfr", Recordings.bytes("small_h2_cpu45.jfr"));
        ProfileQuery elsewhere = new ProfileQuery(blobs, QueryLimits.DEFAULT);
        assertThat(unit(elsewhere)).isEqualTo(Unit.SAMPLES);

        assertThat(unit(query)).isEqualTo(Unit.NANOSECONDS);

        assertThat(unit(elsewhere)).isEqualTo(Unit.NANOSECONDS);
    }

    private Unit unit(ProfileQuery server) throws IOException {
        Recording recording = store.read(tx -> tx.recordings().byProfileKey("profiles/t/a.dlp"))
                .orElseThrow();
        return server.source(recording, "one").measures().get(0).measure().unit();
    }

    @Test
    void staysAsItIsWithoutItsRecordingAndSaysSo() throws IOException {
        put("profiles/t/a.dlp", versionOne());
        row(Origin.ASSIGNMENT, "profiles/t/a.dlp", "recordings/t/a.jfr");

        ProfileSource source = query.source("profiles/t/a.dlp", "one");

        assertThat(source.measures().get(0).measure().unit()).isEqualTo(Unit.SAMPLES);
        assertThat(source.measures().get(0).total()).isEqualTo(2);
        assertThat(source.info().warnings()).anyMatch(warning -> warning.contains("older version"));
    }

    @Test
    void staysAsItIsWhenItsRecordingCannotBeRead() throws IOException {
        put("profiles/t/a.dlp", versionOne());
        put("recordings/t/a.jfr", new byte[100]);
        row(Origin.ASSIGNMENT, "profiles/t/a.dlp", "recordings/t/a.jfr");

        assertThat(query.source("profiles/t/a.dlp", "one").measures()).hasSize(1);
    }
}
