package io.davylamp.jfr;

/**
 * The limits of what a recording may make its reader do. Every length in a file is compared with one of these, or with the bytes that
 * are left, before it reaches an allocation or a loop.
 *
 * @param chunks chunks in one file
 * @param metadataBytes size of one chunk's metadata event
 * @param types types in one chunk's metadata
 * @param fieldsPerType fields of one type, nested structures flattened
 * @param poolEntries entries of all constant pools of one chunk that are kept (symbols, methods, classes, threads, ...)
 * @param poolBytes characters of all strings of one chunk's constant pools
 * @param stringBytes bytes of one string
 * @param stackDepth frames of one stack trace
 */
public record JfrLimits(
        int chunks,
        int metadataBytes,
        int types,
        int fieldsPerType,
        int poolEntries,
        long poolBytes,
        int stringBytes,
        int stackDepth) {

    public static final JfrLimits DEFAULT =
            new JfrLimits(100_000, 16 << 20, 20_000, 2_000, 8_000_000, 512L << 20, 1 << 20, 16_384);
}
