/** From an agent's bytes to a durable recording, and from there to a profile. */
package io.davylamp.core.recording;
