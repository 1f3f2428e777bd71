/** Recordings: bytes of a profiler that are kept, as values. */
package io.davylamp.core.recording;
