/** The files that outlive the JVM: the folder, the journal of tasks, and recordings until the server acknowledges them. */
package io.davylamp.agent.keep;
