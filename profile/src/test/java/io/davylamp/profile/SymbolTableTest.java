package io.davylamp.profile;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SymbolTableTest {
    private static final String[] NAMES = {
        "", "run", "java.lang.Thread", "Zürich", "\u4e16\u754c", "a\0", "a", "12345678", "123456789"
    };

    /** As a stored profile has them: something stands before each name. */
    private static SymbolTable encoded(String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int[] bounds = new int[2 * names.length];
        for (int i = 0; i < names.length; i++) {
            out.write(0x7f);
            bounds[2 * i] = out.size();
            out.writeBytes(names[i].getBytes(StandardCharsets.UTF_8));
            bounds[2 * i + 1] = out.size();
        }
        return SymbolTable.of(out.toByteArray(), bounds);
    }

    @Test
    void namesAreDecodedAsTheyWereEncoded() {
        SymbolTable table = encoded(NAMES);

        assertThat(table.size()).isEqualTo(NAMES.length);
        assertThat(IntStream.range(0, NAMES.length).mapToObj(table::get)).containsExactly(NAMES);
        assertThat(table.get(3)).isSameAs(table.get(3));
    }

    @Test
    void equalNamesHaveOneHashWhateverTableHoldsThem() {
        SymbolTable encoded = encoded(NAMES);
        SymbolTable decoded = SymbolTable.of(NAMES.clone());
        for (int i = 0; i < NAMES.length; i++) {
            assertThat(encoded.hash(i)).as(NAMES[i]).isEqualTo(decoded.hash(i));
            encoded.get(i);
            assertThat(encoded.hash(i)).as(NAMES[i]).isEqualTo(decoded.hash(i));
        }
    }

    /** Names that differ in one place, in their length, or in where zeros stand: a hash that ignored any of it would meet here. */
    @Test
    void otherNamesHaveOtherHashes() {
        String[] names = IntStream.range(0, 200_000)
                .mapToObj(i -> i % 3 == 0
                        ? "com.shop.Checkout$" + i
                        : i % 3 == 1 ? "x".repeat(i % 1_000) + i : i + "\0".repeat(i % 17))
                .distinct()
                .toArray(String[]::new);
        SymbolTable table = encoded(names);
        LongOpenHashSet hashes = new LongOpenHashSet();
        for (int i = 0; i < names.length; i++) {
            hashes.add(table.hash(i));
        }

        assertThat(hashes).hasSize(names.length);
    }

    /** Small numbers and small differences, as lines and hashes of hashes are. */
    @Test
    void otherPairsHaveOtherHashes() {
        LongOpenHashSet hashes = new LongOpenHashSet();
        for (long one = 0; one < 400; one++) {
            for (long other = 0; other < 400; other++) {
                hashes.add(SymbolTable.hash(one, other));
                hashes.add(SymbolTable.hash(one << 32, other << 48));
            }
        }

        assertThat(hashes).hasSize(2 * 400 * 400 - 1);
    }

    @Test
    void theOrderOfTwoNumbersCounts() {
        assertThat(SymbolTable.hash(1, 2)).isEqualTo(SymbolTable.hash(1, 2)).isNotEqualTo(SymbolTable.hash(2, 1));
    }
}
