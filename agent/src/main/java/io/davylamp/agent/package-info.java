/**
 * The agent: takes a task from the server, runs async-profiler in this JVM, delivers the recording, keeps it until it is
 * acknowledged. Java 8, no dependency that is not relocated.
 *
 * <p>The host application must never notice it: nothing escapes {@code Quietly}, nothing is printed, all threads are daemons.
 * Start with {@code Agent}, {@code TaskLink} and {@code ProfilerSession}.
 */
package io.davylamp.agent;
