package io.davylamp.core.query;

/**
 * What a query may take.
 *
 * @param nodes largest number of nodes of a flame graph that is answered; the largest nodes are kept
 * @param rows largest number of rows of a table
 * @param parallel questions that are worked on at the same time: each may hold a tree of millions of nodes; others wait
 * @param cacheBytes memory for profiles that were read lately, roughly
 */
public record QueryLimits(int nodes, int rows, int parallel, long cacheBytes) {
    public static final QueryLimits DEFAULT = new QueryLimits(200_000, 100_000, 4, 128L << 20);
}
