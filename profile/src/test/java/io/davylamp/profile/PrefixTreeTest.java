package io.davylamp.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixTreeTest {
    @Test
    void hasEachPairOnceHoweverManyChildrenANodeHas() {
        Random random = new Random(11);
        PrefixTree tree = new PrefixTree();
        Map<List<Integer>, Integer> known = new HashMap<>();

        for (int i = 0; i < 300_000; i++) {
            // Few parents, so that some have thousands of children; many frames.
            int under = random.nextInt(Math.min(tree.size(), 40));
            int frame = random.nextInt(2_000);
            int node = tree.child(under, frame);
            Integer before = known.putIfAbsent(List.of(under, frame), node);
            assertThat(node).isEqualTo(before == null ? tree.size() - 1 : before);
        }

        assertThat(tree.size()).isEqualTo(known.size() + 1);
        known.forEach((pair, node) -> {
            assertThat(tree.parent(node)).isEqualTo(pair.get(0)).isLessThan(node);
            assertThat(tree.frame(node)).isEqualTo(pair.get(1));
        });
        assertThat(tree.parents()).hasSize(tree.size()).startsWith(-1);
    }

    @Test
    void wholePathsAreThoseThatTheirFramesMakeOneByOne() {
        Random random = new Random(12);
        PrefixTree tree = new PrefixTree();
        PrefixTree oneByOne = new PrefixTree();
        int[] frames = new int[300];
        long[] keys = new long[300];

        for (int i = 0; i < 20_000; i++) {
            // Shares a random number of outer frames with the path before, as stacks do.
            int depth = random.nextInt(frames.length);
            int own = random.nextInt(40);
            for (int f = 0; f < frames.length; f++) {
                int fromTheRoot = depth - 1 - f;
                if (fromTheRoot >= 0) {
                    frames[f] = f < own ? random.nextInt(50) : fromTheRoot % 37;
                    // A frame has one of several keys.
                    keys[f] = 1_000_003L * frames[f] << 20 | (random.nextInt(20) == 0 ? random.nextInt(3) : 0);
                }
            }
            int expected = 0;
            for (int f = depth - 1; f >= 0; f--) {
                expected = oneByOne.child(expected, frames[f]);
            }
            int node = random.nextBoolean()
                    ? tree.path(frames, depth)
                    : tree.path(keys, depth, key -> (int) ((key >>> 20) / 1_000_003L));
            assertThat(node).isEqualTo(expected);
        }

        assertThat(tree.parents()).isEqualTo(oneByOne.parents());
        assertThat(tree.frames()).isEqualTo(oneByOne.frames());
    }
}
