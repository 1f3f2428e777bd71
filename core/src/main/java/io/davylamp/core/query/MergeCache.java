package io.davylamp.core.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.TreeBuilder;
import io.davylamp.profile.view.Views;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps merged trees, so that the next view of the same question costs no merge, and one of more instances only those that have
 * arrived since. A question is known by its shape and the first of its profiles. Thread-safe.
 */
final class MergeCache implements Views.Merges {
    private record Key(List<String> shape, String firstSource) {}

    private static final class Entry {
        private TreeBuilder builder;
        private final Set<String> merged = new HashSet<>();
        private FrameTree tree;
        private volatile long weightBytes = 1024;
    }

    private final Cache<Key, Entry> entries;

    MergeCache(long bytes) {
        entries = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((Key key, Entry entry) -> (int) Math.min(Integer.MAX_VALUE, entry.weightBytes))
                .build();
    }

    @Override
    public FrameTree tree(List<String> shape, List<ProfileSource> sources, Views.Merge merge) throws IOException {
        if (sources.isEmpty()) {
            return merge.begin().build();
        }
        Key key = new Key(shape, sources.get(0).key());
        Entry entry = entries.get(key, k -> new Entry());
        synchronized (entry) {
            Set<String> wanted = new HashSet<>();
            List<ProfileSource> missing = new ArrayList<>();
            for (ProfileSource source : sources) {
                wanted.add(source.key());
                if (!entry.merged.contains(source.key())) {
                    missing.add(source);
                }
            }
            if (entry.builder == null || !wanted.containsAll(entry.merged)) {
                entry.builder = merge.begin();
                entry.merged.clear();
                entry.tree = null;
                missing = sources;
            }
            if (entry.tree == null || !missing.isEmpty()) {
                try {
                    merge.add(entry.builder, missing);
                } catch (IOException | RuntimeException | Error e) {
                    entry.builder = null; // half a profile may be in it
                    throw e;
                }
                entry.merged.addAll(wanted);
                entry.tree = entry.builder.build();
                entry.weightBytes = entry.builder.weightBytes() + 32L * entry.tree.size();
                entries.put(key, entry);
            }
            return entry.tree;
        }
    }
}
