/** The mutating webhook of Kubernetes: changes pods as they are created, so that their JVMs start with the agent. Knows no server. */
package io.davylamp.server.webhook;
