/** The doors and the assembly. Start with {@code Server}, which puts everything together in order. */
package io.davylamp.server;
