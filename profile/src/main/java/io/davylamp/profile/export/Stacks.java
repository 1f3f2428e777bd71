package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.util.Arrays;

/** A tree as the stacks that formats without a tree are made of. */
final class Stacks {
    /** Receives one stack. */
    interface Visitor {
        /**
         * @param names indexes of the tree's names, innermost frame first; valid up to {@code depth} during the call
         * @param value what the innermost frame used itself
         */
        void stack(int[] names, int depth, long value) throws IOException;
    }

    private Stacks() {}

    /**
     * Visits every node with a value of its own. A root that only stands for all is in no stack, but where it has a value itself: of
     * samples without any frame, or of what a budget cut.
     */
    static void forEach(FrameTree tree, Visitor visitor) throws IOException {
        int outermost = tree.rootIsFrame() ? 0 : 1;
        int[] names = new int[64];
        for (int node = 0; node < tree.size(); node++) {
            if (tree.self(node) == 0) {
                continue;
            }
            int depth = 0;
            for (int n = node; n >= outermost || depth == 0; n = tree.parent(n)) {
                if (depth == names.length) {
                    names = Arrays.copyOf(names, depth * 2);
                }
                names[depth++] = tree.nameIndex(n);
            }
            visitor.stack(names, depth, tree.self(node));
        }
    }
}
