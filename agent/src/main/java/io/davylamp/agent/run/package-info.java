/** Runs async-profiler: one task at a time, within what the guard allows. */
package io.davylamp.agent.run;
