/** Finds out who sends a request, at each port once, before anything else looks at it. */
package io.davylamp.server.access;
