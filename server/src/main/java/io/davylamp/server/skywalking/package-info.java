/**
 * SkyWalking's dialect, spoken at this one door: its agents' gRPC ({@link io.davylamp.server.skywalking.StockAgents}, {@link
 * io.davylamp.server.skywalking.ProfilerDoor}, {@link io.davylamp.server.skywalking.AgentGateway}) and the GraphQL of its command
 * line and page ({@link io.davylamp.server.skywalking.GraphQlDoor}). docs/reference/skywalking.md says what is spoken.
 */
package io.davylamp.server.skywalking;
