package io.davylamp.jfr;

/** Receives the stack traces of a chunk's constant pool, each once, before any event is read. */
@FunctionalInterface
public interface StackVisitor {
    /**
     * One pool entry. The arrays are the reader's scratch: valid during the call, longer than {@code depth}.
     *
     * @param id key of the entry, to which events refer
     * @param depth number of frames; index 0 is the innermost
     * @param methods keys into the method pool
     * @param lines line numbers; 0 or less when unknown
     * @param frameTypes keys into the frame type pool
     * @param truncated true when outer frames were cut by the profiler's depth limit
     */
    void stack(long id, int depth, long[] methods, int[] lines, int[] frameTypes, boolean truncated);
}
