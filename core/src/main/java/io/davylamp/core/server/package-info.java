/** The servers that share one store, as values. */
package io.davylamp.core.server;
