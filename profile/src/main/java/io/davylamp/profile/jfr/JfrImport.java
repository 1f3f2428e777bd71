package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.ChunkHeader;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.jfr.MalformedJfrException;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes a {@link Profile} of a recording: every event type with a stack trace becomes a measure. Each chunk is read on its own,
 * by several threads if asked, and then merged in the order of the file: the profile is the same for any number of threads.
 *
 * <p>Memory grows with the distinct stacks and the samples' columns, never with the file. What is damaged is left out and
 * named in {@link ProfileInfo#warnings}; what is whole is kept. Which events and fields are used: docs/formats/jfr-coverage.md.
 */
public final class JfrImport {
    private static final String ONLY_STACKS_OF_LIVE_OBJECTS =
            ": async-profiler before 4.0 that records live objects keeps"
                    + " of the allocations only the stacks of objects that are alive at the end";

    private final NameRules rules;
    private final ProfileLimits limits;
    private final JfrFile file;
    private final long fileBytes;
    private final long startNanos;

    private final Attribution attribution = new Attribution();
    private final SortedMap<String, String> host = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> profilerWarnings = new ArrayList<>();
    private ProfileBuilder builder;
    private boolean asyncProfiler;
    private boolean datadog;
    private long endNanos = Long.MIN_VALUE;
    private long missingStacks;
    private long missingStacksOfAllocations;
    private long lostSamples;
    private DataLoss dataLoss = DataLoss.NONE;
    private long truncatedStacks;
    private final SortedMap<String, Stackless> without = new TreeMap<>();
    private final Gaps gaps = new Gaps();
    private int chunksRead;
    private MalformedJfrException firstDamage;

    private JfrImport(JfrFile file, long fileBytes, NameRules rules, ProfileLimits limits) {
        this.file = file;
        this.fileBytes = fileBytes;
        this.rules = rules;
        this.limits = limits;
        this.startNanos =
                file.chunks().stream().mapToLong(ChunkHeader::startNanos).min().orElse(0);
    }

    /** Reads with the default limits, the current naming rules and one thread. */
    public static Profile read(SeekableBytes recording) throws IOException {
        return read(recording, 1);
    }

    /** Like {@link #read(SeekableBytes)}, with several threads. */
    public static Profile read(SeekableBytes recording, int threads) throws IOException {
        return read(recording, NameRules.CURRENT, JfrLimits.DEFAULT, ProfileLimits.DEFAULT, threads);
    }

    /**
     * Reads a recording. The caller keeps and closes the bytes, which several threads read at once when {@code threads} is more
     * than 1.
     *
     * @param threads chunks that may be read at the same time; each takes memory for its own stacks
     * @throws UnreadableRecordingException if not even one chunk could be read, or a limit of {@code limits} is passed
     */
    public static Profile read(
            SeekableBytes recording, NameRules rules, JfrLimits jfrLimits, ProfileLimits limits, int threads)
            throws IOException {
        ByteSource source = new BorrowedBytes(recording);
        try {
            JfrFile file = JfrFile.open(source, jfrLimits);
            return new JfrImport(file, source.sizeBytes(), rules, limits).read(threads);
        } catch (MalformedJfrException e) {
            throw new UnreadableRecordingException(e.getMessage(), e);
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the recording has " + e.getMessage(), e);
        }
    }

    private Profile read(int threads) throws IOException {
        if (threads > 1 && file.chunks().size() > 1) {
            readTogether(Math.min(threads, file.chunks().size()));
        } else {
            for (ChunkHeader header : file.chunks()) {
                add(header, ChunkImport.read(file, header, rules, limits, startNanos));
            }
        }
        if (firstDamage != null && chunksRead == 0 && (builder == null || builder.isEmpty())) {
            throw firstDamage;
        }
        attribution.resolve(builder);
        for (MalformedJfrException loss : file.losses()) {
            warnings.add((fileBytes - loss.offset()) + " bytes at the end are lost, " + loss.getMessage());
        }
        if (missingStacks > 0) {
            warnings.add(missingStacks + " events refer to a stack trace that the recording lacks"
                    + (onlyStacksOfLiveObjects() ? ONLY_STACKS_OF_LIVE_OBJECTS : ""));
        }
        if (truncatedStacks > 0) {
            warnings.add(truncatedStacks + " stacks were cut by the profiler's depth limit");
        }
        if (lostSamples > 0) {
            warnings.add(
                    "the JVM lost " + lostSamples + " samples of processor time because its queues were full: cpu is"
                            + " too small by so many; a longer interval loses fewer");
        }
        String lost = dataLoss.warning();
        if (lost != null) {
            warnings.add(lost);
        }
        String stackless = Stackless.warning(without);
        if (stackless != null) {
            warnings.add(stackless);
        }
        String unrecorded = gaps.warning();
        if (unrecorded != null) {
            warnings.add(unrecorded);
        }
        warnings.addAll(attribution.warnings());
        warnings.addAll(profilerWarnings);
        return builder.build(new ProfileInfo(
                asyncProfiler ? "async-profiler" : datadog ? "Datadog" : "JDK",
                startNanos,
                Math.max(startNanos, endNanos),
                attribution.settings(),
                host,
                rules.version(),
                List.copyOf(warnings)));
    }

    /** The option itself is not among the settings that these versions write. */
    private boolean onlyStacksOfLiveObjects() {
        return missingStacks == missingStacksOfAllocations
                && attribution.settings().getOrDefault("version", "").matches("[23]\\..*");
    }

    /** At most {@code threads} chunks are read and not yet merged, so memory stays bounded however many there are. */
    private void readTogether(int threads) throws IOException {
        ExecutorService readers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "davylamp-chunk-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Iterator<ChunkHeader> headers = file.chunks().iterator();
            Deque<ChunkHeader> reading = new ArrayDeque<>();
            Deque<Future<ChunkImport>> results = new ArrayDeque<>();
            while (headers.hasNext() || !reading.isEmpty()) {
                while (headers.hasNext() && reading.size() <= threads) {
                    ChunkHeader header = headers.next();
                    reading.add(header);
                    results.add(readers.submit(() -> ChunkImport.read(file, header, rules, limits, startNanos)));
                }
                add(reading.remove(), result(results.remove()));
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static ChunkImport result(Future<ChunkImport> future) throws IOException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading chunks", e);
        }
    }

    private void add(ChunkHeader header, ChunkImport chunk) {
        if (chunk.damage() == null) {
            chunksRead++;
        } else {
            warnings.add("chunk at offset " + header.offset() + " is damaged, "
                    + chunk.damage().getMessage());
            firstDamage = firstDamage == null ? chunk.damage() : firstDamage;
        }
        if (builder == null) {
            builder = chunk.builder();
        } else {
            builder.merge(chunk.builder());
        }
        asyncProfiler |= chunk.asyncProfiler() && !chunk.datadog();
        datadog |= chunk.datadog();
        chunk.without().forEach((type, some) -> without.merge(type, some, Stackless::plus));
        gaps.add(header.startNanos(), chunk.endNanos());
        endNanos = Math.max(endNanos, chunk.endNanos());
        attribution.add(header, chunk);
        host.putAll(chunk.host());
        missingStacks += chunk.missingStacks();
        missingStacksOfAllocations += chunk.missingStacksOfAllocations();
        lostSamples += chunk.lostSamples();
        dataLoss = dataLoss.plus(chunk.dataLoss());
        truncatedStacks += chunk.truncatedStacks();
        for (String warning : chunk.profilerWarnings()) {
            if (profilerWarnings.size() < ChunkImport.MAX_PROFILER_WARNINGS && !profilerWarnings.contains(warning)) {
                profilerWarnings.add(warning);
            }
        }
    }
}
