package io.davylamp.jfr;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording: one or more chunks, one after the other. Opening it reads the headers alone.
 *
 * <p>Source: JDK {@code jdk.jfr.internal.consumer}; async-profiler {@code flightRecorder.cpp}; docs/formats/jfr-coverage.md.
 * A damaged or unfinished tail does not hide the chunks before it: see {@link #losses}.
 */
public final class JfrFile {
    private final ByteSource source;
    private final JfrLimits limits;
    private final List<ChunkHeader> chunks;
    private final List<MalformedJfrException> losses;

    private JfrFile(ByteSource source, JfrLimits limits, List<ChunkHeader> chunks, List<MalformedJfrException> losses) {
        this.source = source;
        this.limits = limits;
        this.chunks = chunks;
        this.losses = losses;
    }

    /**
     * Finds the chunks of {@code source}. The caller keeps and closes the source.
     *
     * @throws MalformedJfrException if not even the first chunk can be read
     */
    public static JfrFile open(ByteSource source, JfrLimits limits) throws IOException {
        if (source.sizeBytes() == 0) {
            throw new MalformedJfrException(0, "recording", "the file is empty");
        }
        List<ChunkHeader> chunks = new ArrayList<>();
        List<MalformedJfrException> losses = new ArrayList<>();
        long offset = 0;
        while (offset < source.sizeBytes()) {
            try {
                if (chunks.size() == limits.chunks()) {
                    throw new MalformedJfrException(offset, "chunks", "more than " + limits.chunks());
                }
                ChunkHeader header = ChunkHeader.read(source, offset);
                chunks.add(header);
                offset += header.sizeBytes();
            } catch (MalformedJfrException e) {
                if (chunks.isEmpty()) {
                    throw e;
                }
                losses.add(e);
                break;
            }
        }
        return new JfrFile(source, limits, List.copyOf(chunks), List.copyOf(losses));
    }

    public List<ChunkHeader> chunks() {
        return chunks;
    }

    /** Returns the damage after the last good chunk; empty for an undamaged file. */
    public List<MalformedJfrException> losses() {
        return losses;
    }

    public Chunk open(ChunkHeader header) throws IOException {
        return Chunk.open(source, limits, header);
    }
}
