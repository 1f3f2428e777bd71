package io.davylamp.profile.container;

/**
 * What a packed file may become. Whoever packs badly meant files makes gigabytes of kilobytes; honest recordings shrink to a
 * third or a tenth, collapsed stacks to a fiftieth.
 *
 * @param unpackedBytes bytes of one layer, unpacked, inclusive; of a zip, of all its entries
 * @param ratio unpacked bytes of a layer for each byte of the file, inclusive
 * @param ratioFromBytes size below which no ratio is looked at
 */
public record UnpackLimits(long unpackedBytes, long ratio, long ratioFromBytes) {
    /** Limits for a file on the user's own machine. */
    public static final UnpackLimits LOCAL = new UnpackLimits(8L << 30, 250, 64L << 20);

    /** With another size. */
    public UnpackLimits withBytes(long bytes) {
        return new UnpackLimits(bytes, ratio, ratioFromBytes);
    }

    /** The bytes that {@code packedBytes} may become. */
    long allowed(long packedBytes) {
        long byRatio = packedBytes > Long.MAX_VALUE / ratio ? Long.MAX_VALUE : packedBytes * ratio;
        return Math.min(unpackedBytes, Math.max(ratioFromBytes, byRatio));
    }
}
