package io.davylamp.profile.view;

/** What a view answers: plain values, named as they are written in JSON. */
public interface Answer {
    /** What the values are measured by; written among the members of the answer. Null when there is nothing to say. */
    default Facts facts() {
        return null;
    }
}
