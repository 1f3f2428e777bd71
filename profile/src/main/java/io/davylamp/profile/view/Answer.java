package io.davylamp.profile.view;

/** What a view answers: plain values, named as they are written in JSON. */
public sealed interface Answer
        permits TreeAnswer, HotView.Hot, TimelineView.Cells, ThreadsView.Threads, InfoView.Info {}
