package io.davylamp.jfr;

/** Receives the stack traces of a chunk's constant pool, each once, before any event is read. */
@FunctionalInterface
public interface StackVisitor {
    /**
     * One pool entry.
     *
     * @param id key of the entry, to which events refer
     * @param depth number of frames
     * @param keys the frames as keys, innermost first, which {@link FrameTable#number} turns into numbers. Equal keys are equal
     *     frames; equal frames may have several keys. The reader's scratch: valid during the call, longer than {@code depth}
     * @param frames the table of {@link ConstantPools#frames}
     * @param truncated true when outer frames were cut by the profiler's depth limit
     */
    void stack(long id, int depth, long[] keys, FrameTable frames, boolean truncated);
}
