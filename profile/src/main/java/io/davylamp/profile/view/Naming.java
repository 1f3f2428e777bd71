package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Profile;

/**
 * How a view writes frames; frames of the same text are one.
 *
 * @param detail how much of a frame is written
 * @param rawNames classes as each JVM named them, instead of normalised
 * @param bareSymbols native code by its symbol alone, without its library
 */
record Naming(Detail detail, boolean rawNames, boolean bareSymbols) {

    String text(Profile profile, int frame) {
        String className = bareSymbols && isNative(profile, frame)
                ? ""
                : rawNames ? profile.rawClassName(frame) : profile.className(frame);
        if (detail == Detail.PACKAGE && isNative(profile, frame) && !className.isEmpty()) {
            return className; // a library is in no package
        }
        return detail.text(
                className, profile.methodName(frame), profile.frames().line()[frame]);
    }

    /** Native frames of the JDK's recordings are methods of Java. */
    static boolean isNative(Profile profile, int frame) {
        FrameKind kind = profile.frameKind(frame);
        return kind == FrameKind.CPP
                || kind == FrameKind.KERNEL
                || kind == FrameKind.NATIVE && !profile.info().source().equals("JDK");
    }
}
