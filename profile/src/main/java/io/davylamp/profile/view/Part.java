package io.davylamp.profile.view;

import io.davylamp.profile.Profile;

/**
 * What a view makes of some of its profiles; parts of the same question, made side by side, merge into one. Not thread-safe.
 *
 * @param <P> the part itself
 */
interface Part<P extends Part<P>> {
    /** A part of the same question that holds nothing yet. */
    P sibling();

    void add(ProfileSource source, Profile profile);

    /** Adds all of {@code other}, whose profiles come after those that are here. */
    void merge(P other);
}
