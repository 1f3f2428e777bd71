package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.ProfileBuilder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Frames of files that give one text for each. The text comes back in every view as it was written: only a name that is Java's by its
 * form is taken apart into class and method, and only Java's own form with slashes gets dots.
 */
final class FrameText {
    private static final String IDENTIFIER = "[\\p{L}_$][\\p{L}\\p{N}_$]*+";
    private static final String PACKAGE = "[\\p{L}_][\\p{L}\\p{N}_]*+";
    /** A class: upper case at its start, or a dollar inside. The page's rule is the same (ui, names.ts). */
    private static final String CLASS = "(?:\\p{Lu}[\\p{L}\\p{N}_$]*+|[\\p{L}\\p{N}_]*+\\$[\\p{L}\\p{N}_$]*+)";

    private static final String METHOD = "(?:" + IDENTIFIER + "|<init>|<clinit>)";
    private static final Pattern DOTTED = Pattern.compile("(?:" + IDENTIFIER + "\\.)*+" + METHOD);
    private static final Pattern DOTTED_CLASS = Pattern.compile("(?:^|.*\\.)" + CLASS);
    /** {@code a/b/C.run}, also of a hidden class: {@code a/b/C$$Lambda$7/0x00ff.run}. */
    private static final Pattern SLASHED =
            Pattern.compile("(?:" + PACKAGE + "/)++" + CLASS + "(?:/(?:0x[0-9a-f]++|[0-9]++))?\\." + METHOD);
    /** A library and the symbol in it, as we write them: {@code libjvm.so.PhaseChaitin::Split}. */
    private static final Pattern IN_LIBRARY =
            Pattern.compile("([^ (/;]*\\.so(?:\\.[0-9]++)*|\\[[^\\]]++\\])\\.(?=.)(.*)");

    private static final int LONGEST = 4_096;

    private FrameText() {}

    /**
     * The frame of a text.
     *
     * @param kind how the code ran; {@link FrameKind#UNKNOWN} if nobody said it
     * @param line 0 when unknown
     */
    static int frame(ProfileBuilder builder, String text, int line, FrameKind kind) {
        if (kind == FrameKind.KERNEL || text.length() > LONGEST) {
            return frame(builder, "", text, line, kind);
        }
        boolean javaByKind = kind == FrameKind.JIT
                || kind == FrameKind.INLINED
                || kind == FrameKind.INTERPRETED
                || kind == FrameKind.C1;
        if (javaByKind || isJava(text)) {
            int signature = text.indexOf('(');
            int dot = text.lastIndexOf('.', (signature < 0 ? text.length() : signature) - 1);
            if (dot > 0) {
                return frame(builder, text.substring(0, dot).replace('/', '.'), text.substring(dot + 1), line, kind);
            }
        }
        Matcher library = IN_LIBRARY.matcher(text);
        if (!javaByKind && library.matches()) {
            return frame(
                    builder,
                    library.group(1),
                    library.group(2),
                    line,
                    kind == FrameKind.UNKNOWN ? FrameKind.NATIVE : kind);
        }
        return frame(builder, "", text, line, kind);
    }

    /** A frame of native code that is known to be in a library. */
    static int frame(ProfileBuilder builder, String className, String method, int line, FrameKind kind) {
        return builder.frame(builder.method(className, className, method), line, kind);
    }

    static boolean isJava(String text) {
        int dot = text.lastIndexOf('.');
        if (dot <= 0) {
            return false;
        }
        return text.indexOf('/') < 0
                ? DOTTED.matcher(text).matches()
                        && DOTTED_CLASS.matcher(text.substring(0, dot)).matches()
                : SLASHED.matcher(text).matches();
    }
}
