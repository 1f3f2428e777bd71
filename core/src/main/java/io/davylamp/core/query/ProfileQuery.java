package io.davylamp.core.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.profile.Detail;
import io.davylamp.profile.FrameTree;
import io.davylamp.profile.HotMethods;
import io.davylamp.profile.Measure;
import io.davylamp.profile.MeasureSummary;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileFilter;
import io.davylamp.profile.codec.ProfileCodec;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers views over the profiles of a task's instances. Thread-safe. */
public final class ProfileQuery {
    private final Blobs blobs;
    private final QueryLimits limits;
    private final Cache<String, Profile> profiles;

    public ProfileQuery(Blobs blobs, QueryLimits limits) {
        this.blobs = blobs;
        this.limits = limits;
        this.profiles = Caffeine.newBuilder()
                .maximumWeight(limits.cacheBytes())
                .weigher((String key, Profile profile) -> (int) Math.min(Integer.MAX_VALUE, weight(profile)))
                .build();
    }

    private static long weight(Profile profile) {
        long samples =
                profile.measures().values().stream().mapToLong(s -> s.size()).sum();
        return samples * 25 + profile.stackCount() * 8L + profile.symbols().length * 64L;
    }

    /** A question about a task that has no answer; the message says why and what could be asked. */
    public static final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    /** A measure with its sums over instances. */
    public record MeasureTotal(Measure measure, long events, long total, int instances) {}

    public QueryLimits limits() {
        return limits;
    }

    /** The measures of the task's ready instances, in the order people expect. */
    public List<MeasureTotal> measures(Task task, Collection<String> instances) throws IOException {
        Map<Measure, MeasureTotal> totals = new TreeMap<>();
        for (Profile profile : profiles(task, instances)) {
            for (MeasureSummary summary : profile.summaries()) {
                totals.merge(
                        summary.measure(),
                        new MeasureTotal(summary.measure(), summary.events(), summary.total(), 1),
                        (a, b) -> new MeasureTotal(
                                a.measure(), a.events() + b.events(), a.total() + b.total(), a.instances() + 1));
            }
        }
        return List.copyOf(totals.values());
    }

    /**
     * The merged tree of one measure.
     *
     * @param instances names; empty for all of the task
     * @param measureName null for the first measure there is
     * @throws NoAnswerException if no profile is ready or none has the measure
     */
    public FrameTree flame(Task task, Collection<String> instances, String measureName, Detail detail)
            throws IOException {
        List<Profile> ready = profiles(task, instances);
        if (ready.isEmpty()) {
            throw new NoAnswerException("no profile is ready: the instances are "
                    + task.assignments().stream()
                            .map(assignment -> assignment.instanceName() + " " + assignment.state())
                            .limit(20)
                            .collect(Collectors.joining(", ")));
        }
        TreeMap<Measure, String> known = new TreeMap<>();
        ready.forEach(profile -> profile.measures().keySet().forEach(measure -> known.put(measure, measure.name())));
        Measure measure = known.keySet().stream()
                .filter(each -> measureName == null || each.name().equals(measureName))
                .findFirst()
                .orElseThrow(() -> new NoAnswerException("the profiles have no measure \"" + measureName
                        + "\"; they have " + String.join(", ", known.values())));
        FrameTree.Builder builder = new FrameTree.Builder(measure, detail);
        for (Profile profile : ready) {
            builder.add(profile, ProfileFilter.ALL);
        }
        return builder.build();
    }

    public List<HotMethods.Row> hot(Task task, Collection<String> instances, String measureName) throws IOException {
        return HotMethods.of(flame(task, instances, measureName, Detail.METHOD));
    }

    private List<Profile> profiles(Task task, Collection<String> instances) throws IOException {
        List<Profile> ready = new ArrayList<>();
        for (Assignment assignment : task.assignments()) {
            if (assignment.state() == AssignmentState.READY
                    && (instances.isEmpty() || instances.contains(assignment.instanceName()))) {
                ready.add(profile(assignment.profileKey()));
            }
        }
        return ready;
    }

    private Profile profile(String key) throws IOException {
        Profile cached = profiles.getIfPresent(key);
        if (cached != null) {
            return cached;
        }
        try (Blobs.Blob blob = blobs.open(key).orElseThrow(() -> new FileNotFoundException(key))) {
            Profile read = ProfileCodec.read(blob);
            profiles.put(key, read);
            return read;
        }
    }
}
