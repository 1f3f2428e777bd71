package io.davylamp.store.s3;

import io.davylamp.core.store.Blobs;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Bytes that wait to become a part: at most {@link Blobs#PART_BYTES}. It grows by small pieces, so that a small blob costs little
 * and a large one never more than a part. Not thread-safe.
 */
final class PartBuffer {
    private static final int PIECE_BYTES = 64 << 10;

    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    int size() {
        return size;
    }

    boolean isFull() {
        return size == Blobs.PART_BYTES;
    }

    /** Takes as many bytes as there is room for. */
    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining() && size < Blobs.PART_BYTES) {
            int piece = size / PIECE_BYTES;
            int at = size % PIECE_BYTES;
            if (piece == pieces.size()) {
                pieces.add(new byte[PIECE_BYTES]);
            }
            int n = Math.min(PIECE_BYTES - at, bytes.remaining());
            bytes.get(pieces.get(piece), at, n);
            size += n;
        }
    }

    /** Forgets the bytes; the memory is used again. */
    void clear() {
        size = 0;
    }

    /** Forgets the bytes and gives their memory back. */
    void free() {
        size = 0;
        pieces.clear();
    }

    /** Reads the bytes from the first on, as often as it is called: a call may be repeated. */
    InputStream stream() {
        return new InputStream() {
            private int position;

            @Override
            public int read() {
                return position == size ? -1 : pieces.get(position / PIECE_BYTES)[position++ % PIECE_BYTES] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (position == size) {
                    return length == 0 ? 0 : -1;
                }
                int at = position % PIECE_BYTES;
                int n = Math.min(Math.min(PIECE_BYTES - at, size - position), length);
                System.arraycopy(pieces.get(position / PIECE_BYTES), at, into, offset, n);
                position += n;
                return n;
            }

            @Override
            public int available() {
                return size - position;
            }
        };
    }

    /** For the header Content-MD5: the service refuses bytes that changed on their way. */
    String md5() {
        MessageDigest md5;
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        for (int at = 0; at < size; at += PIECE_BYTES) {
            md5.update(pieces.get(at / PIECE_BYTES), 0, Math.min(PIECE_BYTES, size - at));
        }
        return Base64.getEncoder().encodeToString(md5.digest());
    }
}
