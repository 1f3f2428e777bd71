/** SkyWalking's agent as a server sees it. Start with {@link io.davylamp.stockagent.StockAgent}. */
package io.davylamp.stockagent;
