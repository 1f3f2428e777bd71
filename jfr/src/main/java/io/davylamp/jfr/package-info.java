/**
 * Reads JFR recordings of async-profiler and of JDK 8 to 25: chunk by chunk, over a seekable {@link
 * io.davylamp.jfr.ByteSource}, with every length checked against {@link io.davylamp.jfr.JfrLimits} before it is used.
 *
 * <p>Start with {@link io.davylamp.jfr.JfrFile}. Nothing here knows profiles; depends on the JDK alone.
 */
package io.davylamp.jfr;
