package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads collapsed stacks, of any profiler: {@code outer;inner 12} per line. There are no times and no threads in them: all samples
 * stand at the start. A frame {@code pkg.Class.method} or {@code pkg/Class.method} is taken apart at its last dot; async-profiler's
 * suffixes {@code _[j]}, {@code _[i]}, {@code _[k]}, {@code _[0]}, {@code _[1]} give its kind.
 */
public final class CollapsedImport {
    private static final int MAX_LINE_BYTES = 16 << 20;
    private static final int MAX_DEPTH = 16_384;

    private CollapsedImport() {}

    /**
     * Reads to the end; the caller closes {@code in}.
     *
     * @throws UnreadableRecordingException naming the line, if one has no value, is too long or too deep, or a limit is passed
     */
    public static Profile read(InputStream in, ProfileLimits limits) throws IOException {
        ProfileBuilder builder = new ProfileBuilder(limits);
        Samples samples = builder.samples(new Measure("samples", Unit.EVENTS));
        int thread = builder.thread("", 0, 0, false);
        Map<String, Integer> frames = new HashMap<>();
        int[] path = new int[64];
        long number = 0;
        try {
            for (String line; (line = line(in, number + 1)) != null; ) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                int space = line.lastIndexOf(' ');
                long value = value(line, space, number);
                int depth = 0;
                // Innermost first, as a stack is given to the builder.
                for (int to = space; to > 0; ) {
                    int from = line.lastIndexOf(';', to - 1);
                    if (depth == path.length) {
                        if (depth == MAX_DEPTH) {
                            throw new UnreadableRecordingException(
                                    "line " + number + ": more than " + MAX_DEPTH + " frames", null);
                        }
                        path = Arrays.copyOf(path, depth * 2);
                    }
                    if (from + 1 < to) {
                        String frame = line.substring(from + 1, to);
                        path[depth++] = frames.computeIfAbsent(frame, text -> frame(builder, text));
                    }
                    to = from;
                }
                if (depth == 0) {
                    throw new UnreadableRecordingException(
                            "line " + number + ": there is no frame before the value", null);
                }
                builder.add(samples, 0, builder.stack(path, depth), thread, (byte) 0, value);
            }
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the file has " + e.getMessage(), e);
        }
        if (samples.size() == 0) {
            throw new UnreadableRecordingException("the file has no stacks", null);
        }
        return builder.build(new ProfileInfo("collapsed", 0, 0, new TreeMap<>(), new TreeMap<>(), 0, List.of()));
    }

    private static long value(String line, int space, long number) throws UnreadableRecordingException {
        String digits = line.substring(space + 1);
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new UnreadableRecordingException(
                    "line " + number + ": \"" + shortened(digits)
                            + "\" stands where a number is expected; a line is outer;inner 12",
                    null);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static int frame(ProfileBuilder builder, String text) {
        FrameKind kind = FrameKind.UNKNOWN;
        String name = text;
        if (text.length() > 4 && text.endsWith("]") && text.startsWith("_[", text.length() - 4)) {
            kind = switch (text.charAt(text.length() - 2)) {
                case 'j' -> FrameKind.JIT;
                case 'i' -> FrameKind.INLINED;
                case 'k' -> FrameKind.KERNEL;
                case '0' -> FrameKind.INTERPRETED;
                case '1' -> FrameKind.C1;
                default -> FrameKind.UNKNOWN;
            };
            if (kind != FrameKind.UNKNOWN) {
                name = text.substring(0, text.length() - 4);
            }
        }
        int dot = name.lastIndexOf('.');
        boolean isJava = dot > 0
                && name.charAt(0) != '/'
                && dot + 1 < name.length()
                && name.indexOf(' ') < 0
                && name.indexOf('(') < 0;
        String className = isJava ? name.substring(0, dot).replace('/', '.') : "";
        return builder.frame(builder.method(className, className, isJava ? name.substring(dot + 1) : name), 0, kind);
    }

    private static String line(InputStream in, long number) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == MAX_LINE_BYTES) {
                throw new UnreadableRecordingException(
                        "line " + number + ": longer than " + MAX_LINE_BYTES + " bytes", null);
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
