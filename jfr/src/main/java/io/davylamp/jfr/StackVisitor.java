package io.davylamp.jfr;

/** Receives the stack traces of a chunk's constant pool, each once, before any event is read. */
@FunctionalInterface
public interface StackVisitor {
    /**
     * One pool entry.
     *
     * @param id key of the entry, to which events refer
     * @param depth number of frames
     * @param frames the frames as numbers of {@link ConstantPools#frames}, innermost first; the reader's scratch: valid
     *     during the call, longer than {@code depth}
     * @param truncated true when outer frames were cut by the profiler's depth limit
     */
    void stack(long id, int depth, int[] frames, boolean truncated);
}
