package io.davylamp.profile.export;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.codec.StoredProfile;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.container.Unpacked;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.jfr.ScrubbedRecording;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.TimeRange;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A small recording of all kinds of events, and the work that people wait for, done on it: so that a JVM has loaded and compiled the
 * code before somebody waits. The recording is {@code all_events46} of the tests.
 */
public final class Rehearsal {
    private static final ViewLimits LIMITS = new ViewLimits(100_000, 100_000, 10_000);

    /** The questions of a page that opens a profile. */
    private static final List<Map.Entry<ViewKind, Map<String, List<String>>>> QUESTIONS = List.of(
            Map.entry(ViewKind.INFO, Map.of()),
            Map.entry(ViewKind.FLAME, Map.of("format", List.of("columns"), "overhead", List.of("group"))),
            Map.entry(
                    ViewKind.FLAME, Map.of("format", List.of("json"), "from", List.of("0.1s"), "to", List.of("0.3s"))),
            Map.entry(ViewKind.TIMELINE, Map.of()),
            Map.entry(ViewKind.HOT, Map.of("overhead", List.of("hide"))));

    private final SeekableBytes recording = SeekableBytes.of(recording());

    /** Returns the bytes of the recording. */
    public static byte[] recording() {
        try (InputStream in =
                Objects.requireNonNull(Rehearsal.class.getResourceAsStream("rehearsal.jfr.zst"), "rehearsal.jfr.zst")) {
            try (Unpacked recording =
                    new Unpacked(SeekableBytes.of(in.readAllBytes()), UnpackLimits.LOCAL, Scratch::temporary)) {
                return recording.stream().readAllBytes();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does once what happens between an upload and the first picture: the recording is read, stored, loaded and looked at. */
    public void run() throws IOException {
        Profile profile = JfrImport.read(ScrubbedRecording.of(recording));
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        ProfileCodec.write(profile, stored);
        Stored source = new Stored(StoredProfile.open(SeekableBytes.of(stored.toByteArray())));
        for (Map.Entry<ViewKind, Map<String, List<String>>> question : QUESTIONS) {
            Profiles profiles = new Profiles(List.of(source), List.of(), Merges.NONE);
            ViewRequest.of(question.getKey(), new Parameters(question.getValue()), LIMITS)
                    .write(profiles, "rehearsal", OutputStream.nullOutputStream());
        }
    }

    /** Loads what is asked for, as a server does. */
    private record Stored(StoredProfile profile) implements ProfileSource {
        @Override
        public String key() {
            return instance();
        }

        @Override
        public String instance() {
            return "rehearsal";
        }

        @Override
        public ProfileInfo info() {
            return profile.info();
        }

        @Override
        public List<Totals> measures() {
            return profile.measures().stream()
                    .map(each -> new Totals(
                            each.measure(), each.events(), each.samples(), each.intervalNanos(), each.total()))
                    .toList();
        }

        @Override
        public Profile load(Measure measure, TimeRange range) throws IOException {
            return profile.load();
        }
    }
}
