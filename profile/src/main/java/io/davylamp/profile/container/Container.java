package io.davylamp.profile.container;

import java.nio.charset.StandardCharsets;

/** The formats in which files are packed. */
enum Container {
    GZIP("gzip"),
    ZIP("zip"),
    LZ4("lz4"),
    ZSTD("zstd");

    /** Bytes of a start that are enough for {@link #of}. */
    static final int LOOK_BYTES = 300;

    private static final int LZ4_MAGIC = 0x184d2204;
    private static final int ZSTD_MAGIC = 0xfd2fb528;
    private static final int SKIPPABLE_MAGIC = 0x184d2a50;
    private static final int ANY = -1;
    private static final int TAR_MAGIC_AT = 257;

    private final String word;

    Container(String word) {
        this.word = word;
    }

    /** The name of the format, for messages. */
    String word() {
        return word;
    }

    /** Returns the format by the first bytes; null if they are not packed, or in a format that is not supported. */
    static Container of(byte[] start) {
        for (int at = 0; at + 4 <= start.length; ) {
            int magic = littleEndian(start, at);
            if ((magic & ~0xf) != SKIPPABLE_MAGIC) {
                return at > 0 && magic != LZ4_MAGIC && magic != ZSTD_MAGIC ? null : of(magic);
            }
            // A frame that readers of both formats have to skip.
            if (at + 8 > start.length) {
                return null;
            }
            long next = at + 8L + Integer.toUnsignedLong(littleEndian(start, at + 4));
            if (next + 4 > start.length) {
                // Parallel compressors of zstd write such frames; those of lz4 are not known to.
                return ZSTD;
            }
            at = (int) next;
        }
        return null;
    }

    private static Container of(int magic) {
        if (magic == LZ4_MAGIC) {
            return LZ4;
        }
        if (magic == ZSTD_MAGIC) {
            return ZSTD;
        }
        if ((magic & 0xffffff) == 0x088b1f) {
            return GZIP;
        }
        // An entry, an empty archive, an archive in one of several parts.
        return magic == 0x04034b50 || magic == 0x06054b50 || magic == 0x08074b50 ? ZIP : null;
    }

    /** The name of a container that is known and not unpacked; null for all else. */
    static String unsupported(byte[] start) {
        if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return "xz";
        } else if (startsWith(start, 'B', 'Z', 'h', ANY, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59)) {
            return "bzip2";
        } else if (startsWith(start, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c)) {
            return "7z";
        } else if (startsWith(start, 0x1f, 0x9d)) {
            return "compress";
        } else if (startsWith(start, 0x02, 0x21, 0x4c, 0x18)) {
            return "lz4's legacy form";
        } else if (startsWith(start, 'L', 'Z', '4', 'B', 'l', 'o', 'c', 'k', ANY, ANY, ANY, ANY, 0)) {
            return "lz4-java's block form";
        } else if (start.length >= TAR_MAGIC_AT + 5
                && start[TAR_MAGIC_AT - 1] == 0
                && new String(start, TAR_MAGIC_AT, 5, StandardCharsets.US_ASCII).equals("ustar")) {
            return "tar";
        }
        return null;
    }

    private static boolean startsWith(byte[] start, int... bytes) {
        if (start.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != ANY && (start[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static int littleEndian(byte[] bytes, int at) {
        return bytes[at] & 0xff
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }
}
