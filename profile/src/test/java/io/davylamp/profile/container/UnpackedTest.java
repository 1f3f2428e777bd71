package io.davylamp.profile.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnpackedTest {
    private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 50, 1 << 16);
    private static final byte[] CONTENT = content(100_000);

    private int scratches;

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(12).nextBytes(bytes);
        bytes[0] = 'F';
        bytes[1] = 'L';
        bytes[2] = 'R';
        bytes[3] = 0;
        return bytes;
    }

    private static byte[] written(Wrapping wrapping, byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = wrapping.around(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private interface Wrapping {
        OutputStream around(OutputStream packed) throws IOException;
    }

    private static byte[] pack(Container container, byte[] content) {
        return switch (container) {
            case GZIP -> written(GZIPOutputStream::new, content);
            case ZIP -> zip("a.jfr", content);
            case ZSTD -> Zstd.compress(content);
            case LZ4 ->
                written(
                        out -> new LZ4FrameOutputStream(
                                out,
                                LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                                -1,
                                LZ4Factory.safeInstance().fastCompressor(),
                                XXHashFactory.safeInstance().hash32(),
                                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE),
                        content);
        };
    }

    /** Names and contents by turns. */
    private static byte[] zip(Object... entries) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) entries[i]));
                zip.write((byte[]) entries[i + 1]);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private Unpacked open(byte[] file) throws IOException {
        return new Unpacked(SeekableBytes.of(file), LIMITS, () -> {
            scratches++;
            return new HeapScratch();
        });
    }

    private final class HeapScratch implements Scratch {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] piece, int offset, int length) {
            bytes.write(piece, offset, length);
        }

        @Override
        public SeekableBytes written() {
            return SeekableBytes.of(bytes.toByteArray());
        }

        @Override
        public void close() {
            scratches--;
        }
    }

    private byte[] unpacked(byte[] file) throws IOException {
        byte[] content;
        try (Unpacked unpacked = open(file)) {
            SeekableBytes bytes = unpacked.seekable();
            content = bytes.read(0, (int) bytes.sizeBytes());
            assertThat(unpacked.damage()).isEmpty();
            try (InputStream in = unpacked.stream()) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
        assertThat(scratches).isZero();
        return content;
    }

    private void assertRefused(byte[] file, String... words) {
        assertThatThrownBy(() -> unpacked(file))
                .isInstanceOf(UnreadableRecordingException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
        assertThat(scratches).isZero();
    }

    @Test
    void whatIsNotPackedIsReadInPlace() throws IOException {
        SeekableBytes file = SeekableBytes.of(CONTENT);
        try (Unpacked unpacked = new Unpacked(file, LIMITS, () -> {
            throw new AssertionError();
        })) {
            assertThat(unpacked.isPacked()).isFalse();
            assertThat(unpacked.seekable()).isSameAs(file);
            assertThat(unpacked.start()).isEqualTo(Arrays.copyOf(CONTENT, Container.LOOK_BYTES));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachContainerGivesItsContentBack(Container container) throws IOException {
        assertThat(unpacked(pack(container, CONTENT))).isEqualTo(CONTENT);
        assertThat(unpacked(pack(container, text("a;b 1\n")))).isEqualTo(text("a;b 1\n"));
        assertThat(unpacked(pack(container, new byte[0]))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void twoLayersAreUnpackedAndThreeAreNot(Container outer) throws IOException {
        for (Container inner : Container.values()) {
            byte[] twice = pack(outer, pack(inner, CONTENT));
            assertThat(unpacked(twice)).as("%s in %s", inner, outer).isEqualTo(CONTENT);
            try (Unpacked unpacked = open(twice)) {
                assertThat(unpacked.layers()).isEqualTo(inner.word() + " in " + outer.word());
            }
            assertRefused(
                    pack(Container.GZIP, twice), inner.word() + " in " + outer.word() + " in gzip", "no more than 2");
        }
    }

    /** Logs that are appended to, and compressors that work in parallel, write such files. */
    @Test
    void severalPackedPartsAfterEachOtherAreOneContent() throws IOException {
        byte[] first = Arrays.copyOf(CONTENT, 70_000);
        byte[] second = Arrays.copyOfRange(CONTENT, 70_000, CONTENT.length);
        for (Container container : new Container[] {Container.GZIP, Container.LZ4, Container.ZSTD}) {
            byte[] both = join(pack(container, first), pack(container, second));
            assertThat(unpacked(both)).as(container.word()).isEqualTo(CONTENT);
            assertThat(unpacked(pack(Container.ZIP, both)))
                    .as("%s in zip", container)
                    .isEqualTo(CONTENT);
        }
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
        assertThat(unpacked(join(skippable, pack(Container.ZSTD, CONTENT)))).isEqualTo(CONTENT);
        assertThat(unpacked(join(skippable, pack(Container.LZ4, CONTENT)))).isEqualTo(CONTENT);
    }

    /** Made by {@code lz4 -BD -B4}, and once with {@code -BX --content-size}. */
    @Test
    void blocksOfLz4MayReferToThoseBeforeThem() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            lines.append("a;b").append(i * 7919 % 1_000).append(" 1\n");
        }
        byte[] content = text(lines.toString());
        byte[] linked = resource("linked.lz4");

        assertThat(unpacked(linked)).isEqualTo(content);
        assertThat(unpacked(resource("linked-checked.lz4"))).isEqualTo(content);
        assertThat(unpacked(join(linked, pack(Container.LZ4, content), linked)))
                .isEqualTo(join(content, content, content));
    }

    @Test
    void aWrongChecksumOfLz4IsDamage() throws IOException {
        byte[] damaged = resource("linked-checked.lz4");
        damaged[damaged.length / 2] ^= 1;
        try (Unpacked unpacked = open(damaged)) {
            unpacked.seekable();
            assertThat(unpacked.damage()).contains("the checksum of a block is wrong");
        }
        byte[] wholeContent = resource("linked.lz4");
        wholeContent[wholeContent.length - 1] ^= 1;
        try (Unpacked unpacked = open(wholeContent)) {
            unpacked.seekable();
            assertThat(unpacked.damage()).contains("the checksum of its content is wrong");
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = UnpackedTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatStandsAfterAGzipIsIgnoredAsItsOwnProgramDoes() throws IOException {
        assertThat(unpacked(join(pack(Container.GZIP, CONTENT), new byte[100]))).isEqualTo(CONTENT);
    }

    @Test
    void theOnlyFileOfAZipIsMeant() throws IOException {
        byte[] zip =
                zip("run/", new byte[0], "__MACOSX/run/._a.jfr", CONTENT, "run/.DS_Store", text("x"), "run/a", CONTENT);

        assertThat(unpacked(zip)).isEqualTo(CONTENT);
    }

    @Test
    void theOnlyRecordingAmongOtherFilesOfAZipIsMeant() throws IOException {
        assertThat(unpacked(zip("log.txt", text("hello"), "a.jfr", CONTENT, "z.txt", text("x"))))
                .isEqualTo(CONTENT);
        assertThat(unpacked(zip("log.txt", text("hello"), "a.jfr.gz", pack(Container.GZIP, CONTENT))))
                .isEqualTo(CONTENT);
    }

    @Test
    void aZipOfSeveralRecordingsNamesThem() {
        assertRefused(
                zip("a.jfr", CONTENT, "b\n.jfr", CONTENT), "2 files (a.jfr, b?.jfr)", "2 are recordings", "take out");
        assertRefused(zip("a.txt", text("a 1"), "b.txt", text("b 1")), "2 files (a.txt, b.txt)");
        assertRefused(zip("a/", new byte[0]), "the zip holds no file");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatBecomesTooLargeIsRefusedWithoutRoom(Container container) {
        byte[] bomb = pack(container, new byte[2 << 20]);

        assertRefused(bomb, "unpacked, it has more than");
        assertRefused(pack(Container.GZIP, bomb), "unpacked, it has more than");
        assertRefused(zip("a.jfr", bomb), "unpacked, it has more than");
    }

    @Test
    void theRatioIsBoundedToo() {
        byte[] zeros = pack(Container.ZSTD, new byte[LIMITS.unpackedBytes() > 1 << 17 ? 1 << 17 : 0]);

        assertThat(zeros.length).isLessThan(1_000);
        assertRefused(zeros, "more than " + (1 << 16) + " bytes");
    }

    @Test
    void aZstdThatWantsGigabytesToRememberIsRefused() {
        // Magic, no optional fields, a window of 2 GB; one block of one byte that is repeated.
        byte[] greedy = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((31 - 10) << 3), 0b1011, 0, 0, 'a'};

        assertRefused(greedy, "requires too much memory");
    }

    @Test
    void otherEntriesOfAZipCountToo() {
        assertRefused(zip("a.jfr", CONTENT, ".hidden", new byte[2 << 20]), "unpacked, it has more than");
        Object[] many = new Object[2_002];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = i + ".txt";
            many[i + 1] = new byte[0];
        }
        assertRefused(zip(many), "more than 1000 entries");
    }

    @ParameterizedTest
    @EnumSource
    void ofACutContainerWhatComesBeforeIsKept(Container container) throws IOException {
        byte[] packed = pack(container, CONTENT);
        try (Unpacked unpacked = open(Arrays.copyOf(packed, packed.length * 8 / 10))) {
            SeekableBytes kept = unpacked.seekable();
            assertThat(kept.sizeBytes()).isBetween(1L, CONTENT.length - 1L);
            assertThat(kept.read(0, (int) kept.sizeBytes())).isEqualTo(Arrays.copyOf(CONTENT, (int) kept.sizeBytes()));
            assertThat(unpacked.damage()).startsWith("the " + container.word() + " is damaged or cut after ");
            assertThatThrownBy(() -> unpacked.stream().readAllBytes()).isInstanceOf(UnreadableRecordingException.class);
        }
    }

    /** Whatever the bytes are: words, or content within the bounds. */
    @ParameterizedTest
    @EnumSource
    void damagedBytesEndInWords(Container container) throws IOException {
        byte[] packed = pack(container, pack(Container.GZIP, Arrays.copyOf(CONTENT, 3_000)));
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = Arrays.copyOf(packed, 1 + random.nextInt(packed.length));
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[random.nextInt(Math.min(damaged.length, random.nextBoolean() ? 60 : 10_000))] =
                        (byte) random.nextInt();
            }
            try (Unpacked unpacked = open(damaged)) {
                assertThat(unpacked.seekable().sizeBytes()).isLessThanOrEqualTo(LIMITS.unpackedBytes());
            } catch (UnreadableRecordingException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** The JDK's reader calls itself for each of them. */
    @Test
    void aGzipOfManyEmptyMembersEndsInWords() {
        byte[] member = pack(Container.GZIP, new byte[0]);
        byte[] many = new byte[member.length * 200_000];
        for (int i = 0; i < many.length; i += member.length) {
            System.arraycopy(member, 0, many, i, member.length);
        }

        assertRefused(join(many, pack(Container.GZIP, CONTENT)), "gzip");
    }

    @Test
    void otherContainersAreNamed() {
        UnaryOperator<byte[]> inGzip = bytes -> pack(Container.GZIP, bytes);
        byte[] tar = new byte[512];
        System.arraycopy(text("ustar"), 0, tar, 257, 5);

        assertRefused(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 1, 2}, "xz", "only gzip, zip, lz4 and zstd");
        assertRefused(new byte[] {'B', 'Z', 'h', '9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59}, "bzip2");
        assertRefused(inGzip.apply(tar), "tar");
    }

    @Test
    void textIsTakenForNoContainer() throws IOException {
        for (String line : new String[] {"BZhang.run;a 1\n", "LZ4BlockInputStream.read;a.b 1\n", "PK;a 1\n"}) {
            assertThat(unpacked(text(line))).isEqualTo(text(line));
        }
    }

    @Test
    void aFailingDiskIsNotTheFilesFault() {
        SeekableBytes failing = new SeekableBytes() {
            private final byte[] packed = pack(Container.GZIP, CONTENT);

            @Override
            public long sizeBytes() {
                return packed.length;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                if (position > 0) {
                    throw new IOException("the disk is gone");
                }
                System.arraycopy(packed, 0, into, offset, 20_000);
                return 20_000;
            }
        };

        assertThatThrownBy(() -> {
                    try (Unpacked unpacked = new Unpacked(failing, LIMITS, HeapScratch::new)) {
                        unpacked.seekable();
                    }
                })
                .hasMessage("the disk is gone");
    }
}
