package io.davylamp.profile.view;

/**
 * What an answer may hold.
 *
 * @param nodes largest node budget of what is drawn
 * @param rows largest number of rows of a table
 * @param exportNodes largest node budget of all other formats; a view that is made node by node and has more is refused
 */
public record ViewLimits(int nodes, int rows, int exportNodes) {
    /** The budget of a tree that is not to be cut. */
    public static final int ALL_NODES = Integer.MAX_VALUE;

    private static final int DEFAULT_NODES = 20_000;
    private static final int DEFAULT_ROWS = 100;

    /** @param whole whether all nodes are answered unless somebody asks for fewer: what draws has a budget, what counts has none */
    int nodes(Parameters parameters, boolean whole) {
        return whole
                ? parameters.number("nodes", ALL_NODES, 1, exportNodes)
                : parameters.number("nodes", Math.min(DEFAULT_NODES, nodes), 1, nodes);
    }

    int rows(Parameters parameters) {
        return parameters.number("limit", Math.min(DEFAULT_ROWS, rows), 1, rows);
    }
}
