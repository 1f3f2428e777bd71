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
}
