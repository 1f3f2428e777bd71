/** The only classes of the agent that the host's class path sees. */
package io.davylamp.agent.boot;
