/** All that the host's class path sees of the agent. */
package io.davylamp.agent.boot;
