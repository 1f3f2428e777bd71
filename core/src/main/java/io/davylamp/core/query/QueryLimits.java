package io.davylamp.core.query;

/**
 * The limits of a query.
 *
 * @param nodes largest number of nodes of a flame graph that is drawn; the largest nodes are kept
 * @param rows largest number of rows of a table
 * @param parallel questions that are worked on at the same time: each may hold a tree of millions of nodes; others wait
 * @param cacheBytes memory for profiles that were read lately, roughly
 * @param exportNodes largest number of nodes that somebody may ask an export for, and of one from the inside out; others are whole,
 *     however many nodes they have
 * @param exportBytes memory for one export, packed; one that is larger is refused
 */
public record QueryLimits(int nodes, int rows, int parallel, long cacheBytes, int exportNodes, long exportBytes) {
    public static final QueryLimits DEFAULT = new QueryLimits(200_000, 100_000, 4, 128L << 20, 1_000_000, 128L << 20);
}
