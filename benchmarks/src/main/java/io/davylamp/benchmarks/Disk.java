package io.davylamp.benchmarks;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.StoredProfile;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.TimeRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;

/** A stored profile in a file, read anew for each query: what a server does when it has kept nothing. */
record Disk(Path file, String instance, ProfileInfo info, List<ProfileSource.Totals> measures)
        implements ProfileSource {
    static Disk of(Path file, String instance) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            StoredProfile stored = StoredProfile.open(SeekableBytes.of(channel));
            return new Disk(
                    file,
                    instance,
                    stored.info(),
                    stored.measures().stream()
                            .map(each -> new Totals(
                                    each.measure(), each.events(), each.samples(), each.intervalNanos(), each.total()))
                            .toList());
        }
    }

    @Override
    public String key() {
        return file.toString();
    }

    @Override
    public Profile load(Measure measure, TimeRange range) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            StoredProfile stored = StoredProfile.open(SeekableBytes.of(channel));
            StoredProfile.Stacks stacks = stored.loadStacks();
            TreeMap<Measure, Samples> samples = new TreeMap<>();
            samples.put(measure, stored.loadSamples(measure, stacks, Long.MIN_VALUE, Long.MAX_VALUE));
            return stacks.profile().with(samples);
        }
    }
}
