package io.davylamp.profile.export;

import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Jazzer's target for collapsed stacks. */
public final class CollapsedFuzz {
    private CollapsedFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try {
            CollapsedImport.read(new ByteArrayInputStream(data), new ProfileLimits(1 << 18, 1 << 18, 256))
                    .summaries();
        } catch (UnreadableRecordingException e) {
            // what a bad file is for
        }
    }
}
