package io.davylamp.demo;

/** Takes one tenths of the demo's CPU. */
final class Template {
    private Template() {}

    /** One and the same loop as in its two siblings: {@code rounds} decide how much CPU it takes. */
    static long render(long seed, int rounds) {
        long x = seed;
        for (int i = 0; i < rounds; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }
}
