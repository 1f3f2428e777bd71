/**
 * Stands in for {@code java.util.logging} in the libraries inside the jar: the build renames their references to here. The
 * host's own logging is neither used nor started: application servers refuse to start when somebody was there before them.
 */
package io.davylamp.agent.silent;
