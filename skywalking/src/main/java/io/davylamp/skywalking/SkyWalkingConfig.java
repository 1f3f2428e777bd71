package io.davylamp.skywalking;

import java.time.Duration;

/**
 * The configuration of SkyWalking's dialect.
 *
 * @param profiling whether its agents get tasks; false is answered to them as by a server without that receiver
 * @param maxDuration longest time a stock agent profiles; it cuts longer ones without a word
 * @param maxElements elements of one analysis: its page builds trees in quadratic time
 * @param upstreamGrpc SkyWalking server that agents' other calls are passed on to; empty for none
 * @param upstreamGraphQl URL of its GraphQL; empty for none
 * @param kept how long tasks are kept, to be told
 * @param maxMessageBytes largest message of an agent
 */
public record SkyWalkingConfig(
        boolean profiling,
        Duration maxDuration,
        int maxElements,
        String upstreamGrpc,
        String upstreamGraphQl,
        Duration kept,
        int maxMessageBytes) {}
