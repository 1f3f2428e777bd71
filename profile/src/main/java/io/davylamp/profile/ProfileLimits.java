package io.davylamp.profile;

/**
 * The limits of one profile.
 *
 * @param stackNodes nodes of the prefix tree of stacks
 * @param samples samples of all measures
 * @param measures measures of one profile
 */
public record ProfileLimits(int stackNodes, long samples, int measures) {
    public static final ProfileLimits DEFAULT = new ProfileLimits(1 << 24, 100_000_000L, 256);
}
