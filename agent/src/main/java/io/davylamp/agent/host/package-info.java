/** The settings of the agent, the properties of its host JVM, and the means to stay unnoticed in it. */
package io.davylamp.agent.host;
