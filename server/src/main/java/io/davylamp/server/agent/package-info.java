/** The door of Davylamp's own agents: {@code davylamp.v1} over gRPC. */
package io.davylamp.server.agent;
