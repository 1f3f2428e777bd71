package io.davylamp.profile.export;

import io.davylamp.profile.Unit;
import io.davylamp.profile.view.FrameTree;
import java.io.IOException;

/** One line per stack: frames from the outermost to the innermost joined by {@code ;}, a space, the value. */
public final class Collapsed {
    private Collapsed() {}

    /** Writes a tree in preorder, as {@link FrameTree#cut} and {@link FrameTree#sorted} give it. */
    public static void write(FrameTree tree, Appendable out) throws IOException {
        StringBuilder line = new StringBuilder();
        Unit unit = tree.measure().unit();
        int[] length = new int[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            // Preorder: the line still holds the parent's path, maybe followed by what we no longer need.
            line.setLength(node == 0 ? 0 : length[tree.parent(node)]);
            if (line.length() > 0) {
                line.append(';');
            }
            line.append(tree.name(node).replace(';', ':').replace('\n', ' ').replace('\r', ' '));
            // A root that only stands for all is part of no path.
            length[node] = node == 0 && !tree.rootIsFrame() ? 0 : line.length();
            if (tree.self(node) != 0) {
                out.append(line).append(' ').append(unit.text(tree.self(node))).append('\n');
            }
        }
    }
}
