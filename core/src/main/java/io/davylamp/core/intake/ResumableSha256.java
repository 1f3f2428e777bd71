package io.davylamp.core.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * SHA-256 whose state can be written down and continued in another process, which the JDK's cannot. Slower than the JDK's where
 * that uses the processor's own instructions (figures: docs/performance.md). Not thread-safe. Source: FIPS 180-4.
 */
final class ResumableSha256 extends MessageDigest {
    private static final int BLOCK_BYTES = 64;
    private static final int STATE_BYTES = 32;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** First 32 bits of the fractional parts of the square roots of the first eight primes. */
    private static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    /** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
    private static final int[] K = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };

    private final int[] state = START.clone();
    private final int[] schedule = new int[64];
    private final byte[] block = new byte[BLOCK_BYTES];
    private long count;

    ResumableSha256() {
        super("SHA-256");
    }

    /** Continues after {@code count} bytes; empty when {@code written} is not what {@link #state} makes after so many. */
    static Optional<ResumableSha256> after(long count, String written) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(written);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int rest = (int) (count % BLOCK_BYTES);
        if (count < 0 || bytes.length != STATE_BYTES + rest) {
            return Optional.empty();
        }
        ResumableSha256 hash = new ResumableSha256();
        for (int i = 0; i < START.length; i++) {
            hash.state[i] = (int) INTS.get(bytes, i * Integer.BYTES);
        }
        System.arraycopy(bytes, STATE_BYTES, hash.block, 0, rest);
        hash.count = count;
        return Optional.of(hash);
    }

    /** The state now: eight words and the bytes of a block that is not full, in Base64. */
    String state() {
        ByteBuffer bytes = ByteBuffer.allocate(STATE_BYTES + inBlock());
        for (int word : state) {
            bytes.putInt(word);
        }
        bytes.put(block, 0, inBlock());
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Another one in the same state. */
    ResumableSha256 copy() {
        return after(count, state()).orElseThrow();
    }

    private int inBlock() {
        return (int) (count % BLOCK_BYTES);
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        int at = offset;
        int end = offset + length;
        int filled = inBlock();
        count += length;
        if (filled > 0) {
            int more = Math.min(length, BLOCK_BYTES - filled);
            System.arraycopy(input, at, block, filled, more);
            at += more;
            if (filled + more < BLOCK_BYTES) {
                return;
            }
            compress(block, 0);
        }
        for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
            compress(input, at);
        }
        System.arraycopy(input, at, block, 0, end - at);
    }

    @Override
    protected byte[] engineDigest() {
        long bits = count * Byte.SIZE;
        int filled = inBlock();
        block[filled] = (byte) 0x80;
        Arrays.fill(block, filled + 1, BLOCK_BYTES, (byte) 0);
        if (filled >= BLOCK_BYTES - Long.BYTES) {
            compress(block, 0);
            Arrays.fill(block, (byte) 0);
        }
        ByteBuffer.wrap(block).putLong(BLOCK_BYTES - Long.BYTES, bits);
        compress(block, 0);
        ByteBuffer digest = ByteBuffer.allocate(STATE_BYTES);
        for (int word : state) {
            digest.putInt(word);
        }
        engineReset();
        return digest.array();
    }

    @Override
    protected void engineReset() {
        System.arraycopy(START, 0, state, 0, START.length);
        count = 0;
    }

    private void compress(byte[] bytes, int offset) {
        int[] w = schedule;
        for (int i = 0; i < 16; i++) {
            w[i] = (int) INTS.get(bytes, offset + i * Integer.BYTES);
        }
        for (int i = 16; i < 64; i++) {
            int w15 = w[i - 15];
            int w2 = w[i - 2];
            int s0 = Integer.rotateRight(w15, 7) ^ Integer.rotateRight(w15, 18) ^ (w15 >>> 3);
            int s1 = Integer.rotateRight(w2, 17) ^ Integer.rotateRight(w2, 19) ^ (w2 >>> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        int e = state[4];
        int f = state[5];
        int g = state[6];
        int h = state[7];
        for (int i = 0; i < 64; i++) {
            int s1 = Integer.rotateRight(e, 6) ^ Integer.rotateRight(e, 11) ^ Integer.rotateRight(e, 25);
            int t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
            int s0 = Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22);
            int t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
