/** Recordings from their first byte to a profile: uploads, opened files, reading. */
package io.davylamp.core.intake;
