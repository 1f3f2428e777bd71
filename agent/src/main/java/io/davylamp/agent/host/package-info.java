/** What the agent is told, what it finds in the JVM that it is a guest of, and how it stays unnoticed there. */
package io.davylamp.agent.host;
