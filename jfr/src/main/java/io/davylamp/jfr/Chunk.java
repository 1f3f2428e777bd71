package io.davylamp.jfr;

import java.io.IOException;

/**
 * One chunk of a recording: self-contained, with its own types and pools. Not thread-safe, but different chunks of one
 * file may be read by different threads.
 *
 * <p>Order of use: {@link #readPools}, then {@link #events}; a writer puts the pools last, events refer to them.
 */
public final class Chunk {
    private final ByteSource source;
    private final JfrLimits limits;
    private final ChunkHeader header;
    private final Metadata metadata;

    private Chunk(ByteSource source, JfrLimits limits, ChunkHeader header, Metadata metadata) {
        this.source = source;
        this.limits = limits;
        this.header = header;
        this.metadata = metadata;
    }

    static Chunk open(ByteSource source, JfrLimits limits, ChunkHeader header) throws IOException {
        Input in = new Input(source, header.offset(), header.offset() + header.sizeBytes());
        in.seek(header.offset() + header.metadataOffset(), "metadata offset");
        return new Chunk(source, limits, header, Metadata.read(in, limits));
    }

    public ChunkHeader header() {
        return header;
    }

    public Metadata metadata() {
        return metadata;
    }

    /**
     * Reads all constant pools and hands each stack trace to {@code stacks}.
     *
     * @throws MalformedJfrException with the offset, if bytes contradict the format or a limit is passed
     */
    public ConstantPools readPools(StackVisitor stacks) throws IOException {
        return ConstantPools.read(
                this, new Input(source, header.offset(), header.offset() + header.sizeBytes()), limits, stacks);
    }

    /** A cursor before the first event. Strings that are stored as pool keys are looked up in {@code pools}. */
    public EventCursor events(ConstantPools pools) {
        return new EventCursor(
                this,
                new Input(source, header.offset() + ChunkHeader.BYTES, header.offset() + header.sizeBytes()),
                limits,
                pools);
    }
}
