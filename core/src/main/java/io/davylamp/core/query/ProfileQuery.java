package io.davylamp.core.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.quota.Quotas;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.Progress;
import io.davylamp.core.task.Task;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.codec.StoredProfile;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.TimeRange;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Answers views over stored profiles, reading of each what a query needs and keeping what was read lately.
 * Thread-safe.
 */
public final class ProfileQuery {
    private static final int HEADS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Reads the info of a profile, without its stacks and samples. */
    private record Head(ProfileInfo info, List<ProfileSource.Totals> measures) {}

    private record SamplesKey(String profile, Measure measure) {}

    private final Blobs blobs;
    private final QueryLimits limits;
    private final Renewal renewal;
    private final Cache<String, Head> heads;
    private final Cache<String, StoredProfile.Stacks> stacks;
    private final Cache<SamplesKey, Samples> samples;
    private final MergeCache merges;
    private final Semaphore turns;
    private final Quotas quotas;

    public ProfileQuery(Blobs blobs, QueryLimits limits) {
        this(blobs, limits, key -> false, Quotas.NONE);
    }

    /**
     * @param renewal what to do with profiles of an older version, before anything of them is kept in memory
     * @param quotas how much one person may ask for at the same time
     */
    public ProfileQuery(Blobs blobs, QueryLimits limits, Renewal renewal, Quotas quotas) {
        this.quotas = quotas;
        this.blobs = blobs;
        this.limits = limits;
        this.renewal = renewal;
        this.turns = new Semaphore(limits.parallel(), true);
        this.heads = Caffeine.newBuilder().maximumSize(HEADS).build();
        this.stacks = Caffeine.newBuilder()
                .maximumWeight(limits.cacheBytes() / 4)
                .weigher((String key, StoredProfile.Stacks each) ->
                        weight(each.profile().weightBytes() + 4L * each.leaves().length))
                .build();
        this.samples = Caffeine.newBuilder()
                .maximumWeight(limits.cacheBytes() / 4)
                .weigher((SamplesKey key, Samples each) -> weight(each.weightBytes()))
                .build();
        this.merges = new MergeCache(limits.cacheBytes() / 2);
    }

    private static int weight(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** Too many questions are worked on; the message says so. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }

    /** Makes a stored profile anew of its recording. */
    public interface Renewal {
        /** @return false when there is no recording that can be read; the profile then stays as it is */
        boolean renew(String profileKey) throws IOException;
    }

    /** Work on a question. */
    public interface Work<T> {
        T answer() throws IOException;
    }

    /**
     * Works on a question when few others are worked on, in the order of asking.
     *
     * @throws BusyException if no turn came within {@link #PATIENCE}
     * @throws LimitReachedException if {@code who} has as many questions here as one person may
     */
    public <T> T inTurn(Principal who, Work<T> work) throws IOException {
        boolean turn = false;
        Quotas.Query query = quotas.query(who);
        try {
            turn = turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!turn) {
                throw new BusyException("the server is busy with " + limits.parallel()
                        + " other questions and had no turn for this one in " + PATIENCE.toSeconds() + " s; ask again");
            }
            return work.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server stops");
        } finally {
            query.close();
            if (turn) {
                turns.release();
            }
        }
    }

    /** A question about tasks that has no answer; the message says why and what could be asked. */
    public static final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    public QueryLimits limits() {
        return limits;
    }

    /** Profiles over the ready instances of {@code tasks}; see {@link #sources} for the rest. */
    public Profiles views(Collection<Task> tasks, Collection<String> instances) throws IOException {
        return views(sources(tasks, instances), List.of());
    }

    /** @param baseline what to compare with; empty for nothing */
    public Profiles views(List<ProfileSource> sources, List<ProfileSource> baseline) {
        return new Profiles(sources, baseline, merges);
    }

    /**
     * The profiles of ready instances.
     *
     * @param instances names; empty for all
     * @throws NoAnswerException if none is ready
     */
    public List<ProfileSource> sources(Collection<Task> tasks, Collection<String> instances) throws IOException {
        List<ProfileSource> ready = new ArrayList<>();
        List<Part> waiting = new ArrayList<>();
        for (Task task : tasks) {
            for (Part part : task.parts()) {
                String instance = part.assignment().instanceName();
                if (!instances.isEmpty() && !instances.contains(instance)) {
                    continue;
                }
                if (part.progress() == Progress.READY) {
                    Recording recording = part.recording().orElseThrow();
                    ready.add(source(recording, instance, task.spec().service()));
                } else {
                    waiting.add(part);
                }
            }
        }
        if (ready.isEmpty()) {
            throw new NoAnswerException(
                    waiting.isEmpty()
                            ? "no profile is ready: no task and instance matches"
                            : "no profile is ready: the instances are "
                                    + waiting.stream()
                                            .map(part -> part.assignment().instanceName() + " " + part.progress())
                                            .limit(20)
                                            .collect(Collectors.joining(", ")));
        }
        return ready;
    }

    /**
     * The profile of a recording.
     *
     * @param name of the instance, or what else it is called
     */
    public ProfileSource source(Recording recording, String name) throws IOException {
        return source(recording, name, "");
    }

    private ProfileSource source(Recording recording, String name, String service) throws IOException {
        return source(
                recording.profileKey(),
                recording.profileKey() + "@" + recording.version(),
                name,
                service,
                recording.labels());
    }

    /**
     * A stored profile that is not made anew while this process runs.
     *
     * @param key of its blob
     * @param name of the instance, or what else it is called
     */
    public ProfileSource source(String key, String name) throws IOException {
        return source(key, key, name, "", Map.of());
    }

    /** @param key names the profile's content: what is kept in memory of it is wrong for one that was made anew, by any server */
    private ProfileSource source(String blobKey, String key, String name, String service, Map<String, String> labels)
            throws IOException {
        Head head = heads.getIfPresent(key);
        if (head == null) {
            head = head(blobKey);
            heads.put(key, head);
        }
        return new Stored(blobKey, key, name, service, labels, head);
    }

    private Head head(String blobKey) throws IOException {
        try (Blobs.Blob blob = open(blobKey)) {
            StoredProfile stored = StoredProfile.open(blob);
            if (!stored.isOutdated()) {
                return head(stored);
            }
        }
        renewal.renew(blobKey);
        try (Blobs.Blob blob = open(blobKey)) {
            return head(StoredProfile.open(blob));
        }
    }

    private static Head head(StoredProfile stored) throws IOException {
        return new Head(
                stored.info(),
                stored.measures().stream()
                        .map(each -> new ProfileSource.Totals(
                                each.measure(), each.events(), each.samples(), each.intervalNanos(), each.total()))
                        .toList());
    }

    private Blobs.Blob open(String key) throws IOException {
        return blobs.open(key).orElseThrow(() -> new FileNotFoundException(key));
    }

    private final class Stored implements ProfileSource {
        private final String blobKey;
        private final String key;
        private final String instance;
        private final String service;
        private final Map<String, String> labels;
        private final Head head;

        Stored(String blobKey, String key, String instance, String service, Map<String, String> labels, Head head) {
            this.blobKey = blobKey;
            this.labels = labels;
            this.service = service;
            this.key = key;
            this.instance = instance;
            this.head = head;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public String instance() {
            return instance;
        }

        @Override
        public String service() {
            return service;
        }

        @Override
        public Map<String, String> labels() {
            return labels;
        }

        @Override
        public ProfileInfo info() {
            return head.info();
        }

        @Override
        public List<Totals> measures() {
            return head.measures();
        }

        @Override
        public Profile load(Measure asked, TimeRange range) throws IOException {
            // Its unit may be another one than that of all profiles together.
            Measure measure = head.measures().stream()
                    .map(Totals::measure)
                    .filter(own -> own.name().equals(asked.name()))
                    .findFirst()
                    .orElse(asked);
            StoredProfile.Stacks known = stacks.getIfPresent(key);
            SamplesKey samplesKey = new SamplesKey(key, measure);
            Samples of = samples.getIfPresent(samplesKey);
            if (known == null || of == null) {
                try (Blobs.Blob blob = open(blobKey)) {
                    StoredProfile stored = StoredProfile.open(blob);
                    if (known == null) {
                        known = stored.loadStacks();
                        stacks.put(key, known);
                    }
                    if (of == null) {
                        // All of it: a range that is asked for is mostly followed by one beside it.
                        of = stored.loadSamples(measure, known, Long.MIN_VALUE, Long.MAX_VALUE);
                        samples.put(samplesKey, of);
                    }
                }
            }
            TreeMap<Measure, Samples> measures = new TreeMap<>();
            if (of.size() > 0) {
                measures.put(measure, of);
            }
            return known.profile().with(measures);
        }
    }
}
