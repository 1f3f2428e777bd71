package io.davylamp.profile.view;

/**
 * A tree, within the budget that was asked for.
 *
 * @param tree in preorder
 * @param facts what its values are measured by
 */
public record TreeAnswer(FrameTree tree, Facts facts) implements Answer {}
