/**
 * SkyWalking's dialect, spoken at this one door: its agents' gRPC ({@link io.davylamp.skywalking.StockAgents}, {@link
 * io.davylamp.skywalking.ProfilerDoor}, {@link io.davylamp.skywalking.AgentGateway}) and the GraphQL of its command
 * line and page ({@link io.davylamp.skywalking.GraphQlDoor}). docs/reference/skywalking.md says what is spoken.
 */
package io.davylamp.skywalking;
