package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Loads profiles for a view: the next while one is worked on, many shared out among the processors. */
final class Loading {
    /** Fewer are not worth a second part. */
    private static final int PROFILES_PER_WORKER = 4;

    interface Visitor {
        void profile(ProfileSource source, Profile profile);
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private Loading() {}

    /** Visits profiles in their order, and loads the next while one is visited. */
    static void forEach(List<ProfileSource> sources, Measure measure, TimeRange range, Visitor visitor)
            throws IOException {
        if (sources.size() == 1) {
            // There is no next one, so no other thread is needed.
            visitor.profile(sources.get(0), sources.get(0).load(measure, range));
            return;
        }
        Iterator<ProfileSource> rest = sources.iterator();
        ProfileSource next = rest.hasNext() ? rest.next() : null;
        CompletableFuture<Profile> loading = next == null ? null : load(next, measure, range);
        while (next != null) {
            ProfileSource source = next;
            Profile profile = join(loading);
            next = rest.hasNext() ? rest.next() : null;
            loading = next == null ? null : load(next, measure, range);
            visitor.profile(source, profile);
        }
    }

    /** Adds all profiles to {@code into}. Each worker adds a stretch of them to a part of its own; then the parts are merged in order. */
    static <P extends Part<P>> void gather(List<ProfileSource> sources, Measure measure, TimeRange range, P into)
            throws IOException {
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), sources.size() / PROFILES_PER_WORKER);
        if (workers < 2) {
            forEach(sources, measure, range, into::add);
            return;
        }
        List<CompletableFuture<P>> parts = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            List<ProfileSource> share =
                    sources.subList(worker * sources.size() / workers, (worker + 1) * sources.size() / workers);
            P part = worker == 0 ? into : into.sibling();
            parts.add(supply(() -> {
                for (ProfileSource source : share) {
                    part.add(source, source.load(measure, range));
                }
                return part;
            }));
        }
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .exceptionally(e -> null)
                .join();
        join(parts.get(0));
        for (CompletableFuture<P> part : parts.subList(1, workers)) {
            into.merge(join(part));
        }
    }

    private static CompletableFuture<Profile> load(ProfileSource source, Measure measure, TimeRange range) {
        return supply(() -> source.load(measure, range));
    }

    private static <T> CompletableFuture<T> supply(Work<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static <T> T join(CompletableFuture<T> loading) throws IOException {
        try {
            return loading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw e;
        }
    }
}
