package io.davylamp.benchmarks;

/** The limit: no reader of JFR can be faster than reading every byte as part of a varint. */
final class VarintScan {
    private VarintScan() {}

    /** The sum of all varints of {@code bytes}. */
    static long sum(byte[] bytes) {
        long sum = 0;
        long value = 0;
        int shift = 0;
        for (byte b : bytes) {
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                sum += value;
                value = 0;
                shift = 0;
            } else {
                shift = shift + 7 & 63;
            }
        }
        return sum;
    }
}
