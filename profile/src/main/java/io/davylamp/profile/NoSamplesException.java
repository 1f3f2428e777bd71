package io.davylamp.profile;

import java.util.Locale;

/** A recording that was read and shows nothing; the message goes on after its name: "x.jfr holds no samples: …". */
public final class NoSamplesException extends UnreadableRecordingException {
    private static final long serialVersionUID = 1L;

    private NoSamplesException(String message) {
        super(message, null);
    }

    /**
     * Every door asks this of what it read, so that all say the same of a recording without samples.
     *
     * @return {@code profile}
     * @throws NoSamplesException if it has not even one sample
     */
    public static Profile requireSamples(Profile profile) throws NoSamplesException {
        if (!profile.measures().isEmpty()) {
            return profile;
        }
        ProfileInfo info = profile.info();
        throw new NoSamplesException(String.format(
                Locale.ROOT,
                "holds no samples: %s wrote no event with a stack trace in %.1f s%s",
                info.source(),
                info.durationNanos() / 1e9,
                info.warnings().isEmpty() ? "" : " (" + String.join("; ", info.warnings()) + ")"));
    }
}
