package io.davylamp.core.query;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.profile.Measure;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.TreeBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps merged trees, so that the next view of the same question costs no merge, and one of more instances only those that have
 * arrived since. A tree is known by its query and measure, which are values, and the first of its profiles. Thread-safe.
 */
final class MergeCache implements Merges {
    private record Key(Query query, Measure measure, String firstSource) {}

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
    public FrameTree tree(Query query, Measure measure, List<ProfileSource> sources, Merge merge) throws IOException {
        if (sources.isEmpty()) {
            return merge.begin().build();
        }
        Key key = new Key(query, measure, sources.get(0).key());
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
