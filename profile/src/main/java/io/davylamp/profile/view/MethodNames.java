package io.davylamp.profile.view;

import io.davylamp.profile.Profile;
import io.davylamp.profile.SymbolTable;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/**
 * What the frames of many profiles are called, each name put together once: instances of one service share nearly all methods, and
 * a text that is decoded, joined and hashed for each instance cost a third of a merge ({@code ./davy bench merge}). Not thread-safe.
 */
final class MethodNames {
    private static final long NATIVE = 1;

    private final Naming naming;
    private final Names names;
    /** By the hash of class, method, line and whether the frame is native. */
    private final Long2IntOpenHashMap known = new Long2IntOpenHashMap();

    MethodNames(Naming naming, Names names) {
        this.naming = naming;
        this.names = names;
        known.defaultReturnValue(-1);
    }

    /** Bytes in memory, about. */
    long weightBytes() {
        return 24L * known.size();
    }

    /** The names of one profile. */
    Of of(Profile profile) {
        return new Of(profile);
    }

    /** The names of one profile. Not thread-safe. */
    final class Of {
        private final Profile profile;
        private final SymbolTable symbols;
        private final int[] classes;
        /** By symbol; 0 where nobody asked yet, so that only what is used is hashed. */
        private final long[] hashes;

        private Of(Profile profile) {
            this.profile = profile;
            this.symbols = profile.symbols();
            this.classes = naming.rawNames()
                    ? profile.methods().rawClassName()
                    : profile.methods().className();
            this.hashes = new long[symbols.size()];
        }

        /** The number of the frame's name. */
        int name(int frame) {
            int method = profile.frames().method()[frame];
            long line = naming.detail() == Detail.LINE
                    ? Math.max(0, profile.frames().line()[frame])
                    : 0;
            long key = SymbolTable.hash(
                    SymbolTable.hash(
                            hash(classes[method]), hash(profile.methods().name()[method])),
                    line << 1 | (Naming.isNative(profile, frame) ? NATIVE : 0));
            int name = known.get(key);
            if (name < 0) {
                name = names.of(naming.text(profile, frame));
                known.put(key, name);
            }
            return name;
        }

        private long hash(int symbol) {
            long hash = hashes[symbol];
            if (hash == 0) {
                hash = symbols.hash(symbol);
                hashes[symbol] = hash;
            }
            return hash;
        }
    }
}
