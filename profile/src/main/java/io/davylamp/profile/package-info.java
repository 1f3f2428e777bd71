/**
 * Profiles as columns, and the questions put to them.
 *
 * <p>Start with {@link io.davylamp.profile.Profile}, {@link io.davylamp.profile.FrameTree} and {@link
 * io.davylamp.profile.HotMethods}. Recordings come in through {@code profile.jfr} alone.
 */
package io.davylamp.profile;
