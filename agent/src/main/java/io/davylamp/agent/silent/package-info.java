/**
 * Stands in for {@code java.util.logging} and for {@code SSLContext} in the libraries inside the jar: the build renames their
 * references to here. The host's own logging and its default TLS context are neither used nor made: application servers refuse
 * to start when somebody was there before them, and an application could not choose its authorities any more.
 */
package io.davylamp.agent.silent;
