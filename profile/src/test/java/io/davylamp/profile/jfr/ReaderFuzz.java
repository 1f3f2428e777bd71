package io.davylamp.profile.jfr;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;

/** Jazzer's target for recordings: a profile or our own refusal, nothing else. */
public final class ReaderFuzz {
    private ReaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try {
            Profile profile = JfrImport.read(
                    SeekableBytes.of(data),
                    NameRules.CURRENT,
                    JfrLimits.DEFAULT,
                    new ProfileLimits(1 << 18, 1 << 18, 256),
                    1);
            profile.summaries();
        } catch (UnreadableRecordingException e) {
            // what a bad recording is for
        }
    }
}
