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
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads collapsed stacks, of any profiler: {@code outer;inner 12} per line, with a blank or a tab before the number. There are no times
 * and no threads in them: all samples stand at the start. Names come back as they are written ({@link FrameText}); async-profiler's
 * suffixes {@code _[j]}, {@code _[i]}, {@code _[k]}, {@code _[0]}, {@code _[1]} give a frame's kind. Lines that are no stacks are
 * skipped, and told of.
 */
public final class CollapsedImport {
    private static final long MILLION = 1_000_000;
    private static final int MAX_DEPTH = 16_384;
    /** A number, also as awk and spreadsheets write large ones: {@code 1.5e+06}. */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:\\d{1,40}(?:\\.\\d{0,40})?|\\.\\d{1,40})(?:[eE][-+]?\\d{1,2})?");

    private final ProfileBuilder builder;
    private final Map<String, Integer> frames = new HashMap<>();
    private final IntArrayList stacks = new IntArrayList();
    /** The value of each stack: whole numbers, or millionths once a value had decimals. */
    private final LongArrayList values = new LongArrayList();

    private boolean decimals;
    private long total;
    private int[] path = new int[64];
    private long skipped;
    private String firstSkipped;
    /** Stacks that end in one more number, as in a difference ({@code outer;inner 3 4}); and whether one does not. */
    private long pairs;

    private boolean otherThanPairs;

    private CollapsedImport(ProfileLimits limits) {
        this.builder = new ProfileBuilder(limits);
    }

    /**
     * Reads to the end; the caller closes {@code in}.
     *
     * @throws UnreadableRecordingException naming the line, if a value is negative, all together are beyond 63 bits, a line is too long
     *     or too deep, or a limit is passed; or if no line is a stack, or each has two values
     */
    public static Profile read(InputStream in, ProfileLimits limits) throws IOException {
        CollapsedImport read = new CollapsedImport(limits);
        TextLines lines = new TextLines(in);
        try {
            for (String line; (line = lines.next()) != null; ) {
                read.line(line, lines.number());
            }
            return read.build();
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the file has " + e.getMessage(), e);
        }
    }

    private void line(String whole, long number) throws UnreadableRecordingException {
        String line = whole.strip();
        if (line.isEmpty()) {
            return;
        }
        int blank = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t'));
        String digits = line.substring(blank + 1);
        boolean isNumber = NUMBER.matcher(digits).matches();
        if (line.startsWith("#") && (!isNumber || isComment(line))) {
            return;
        }
        String stack = isNumber && blank > 0 ? line.substring(0, blank).stripTrailing() : "";
        int depth = stack.isEmpty() ? 0 : frames(stack, number);
        if (depth == 0) {
            skip(
                    number,
                    isNumber
                            ? "there is no frame before the value"
                            : "\"" + TextLines.shortened(digits)
                                    + "\" stands where a number is expected; a line is outer;inner 12");
            return;
        }
        pair(stack);
        add(builder.stack(path, depth), digits, number);
    }

    /** Notes whether callers end in numbers too; then numbers belong to names: {@code main 12;handler 40 7}. One frame shows nothing. */
    private void pair(String stack) {
        int last = stack.lastIndexOf(';');
        if (otherThanPairs) {
            return;
        }
        otherThanPairs = !endsInNumber(stack, stack.length()) || last > 0 && endsInNumber(stack, last);
        pairs += last > 0 ? 1 : 0;
    }

    private static boolean endsInNumber(String stack, int end) {
        int from = Math.max(stack.lastIndexOf(' ', end - 1), stack.lastIndexOf('\t', end - 1));
        return from > 0
                && from > stack.lastIndexOf(';', end - 1)
                && NUMBER.matcher(stack.substring(from + 1, end)).matches();
    }

    /** A frame's name may begin with the sign of comments, as in Ruby's {@code #<Class>}. */
    private static boolean isComment(String line) {
        return line.length() == 1 || Character.isWhitespace(line.charAt(1)) || line.charAt(1) == '!';
    }

    private void skip(long number, String why) {
        if (skipped++ == 0) {
            firstSkipped = "line " + number + ": " + why;
        }
    }

    /** Fills {@link #path}, innermost first, as a stack is given to the builder. */
    private int frames(String stack, long number) throws UnreadableRecordingException {
        int depth = 0;
        for (int to = stack.length(); to > 0; ) {
            int from = stack.lastIndexOf(';', to - 1);
            if (from + 1 < to) {
                if (depth == path.length) {
                    if (depth == MAX_DEPTH) {
                        throw new UnreadableRecordingException(
                                "line " + number + ": more than " + MAX_DEPTH + " frames", null);
                    }
                    path = Arrays.copyOf(path, depth * 2);
                }
                path[depth++] = frames.computeIfAbsent(stack.substring(from + 1, to), this::frame);
            }
            to = from;
        }
        return depth;
    }

    private int frame(String text) {
        FrameKind kind = FrameKind.UNKNOWN;
        if (text.length() > 4 && text.endsWith("]") && text.startsWith("_[", text.length() - 4)) {
            kind = switch (text.charAt(text.length() - 2)) {
                case 'j' -> FrameKind.JIT;
                case 'i' -> FrameKind.INLINED;
                case 'k' -> FrameKind.KERNEL;
                case '0' -> FrameKind.INTERPRETED;
                case '1' -> FrameKind.C1;
                default -> FrameKind.UNKNOWN;
            };
        }
        return FrameText.frame(
                builder, kind == FrameKind.UNKNOWN ? text : text.substring(0, text.length() - 4), 0, kind);
    }

    private void add(int stack, String digits, long number) throws UnreadableRecordingException {
        BigDecimal exact = new BigDecimal(digits);
        if (exact.signum() < 0) {
            throw new UnreadableRecordingException(
                    "line " + number + ": the value " + TextLines.shortened(digits)
                            + " is negative; a difference of two profiles cannot be opened, but both can be compared",
                    null);
        }
        try {
            if (!decimals && exact.stripTrailingZeros().scale() > 0) {
                decimals = true;
                total = Math.multiplyExact(total, MILLION);
                for (int i = 0; i < values.size(); i++) {
                    values.set(i, values.getLong(i) * MILLION);
                }
            }
            BigDecimal scaled = decimals ? exact.movePointRight(6) : exact;
            long value = scaled.setScale(0, RoundingMode.HALF_UP).longValueExact();
            total = Math.addExact(total, value);
            stacks.add(stack);
            values.add(value);
        } catch (ArithmeticException e) {
            throw new UnreadableRecordingException(
                    "line " + number + ": with the value " + TextLines.shortened(digits)
                            + " all together are more than a number of 63 bits holds"
                            + (decimals ? " in millionths, which decimals are kept in" : ""),
                    e);
        }
    }

    private Profile build() throws UnreadableRecordingException {
        if (stacks.isEmpty()) {
            throw new UnreadableRecordingException(
                    firstSkipped == null ? "the file has no stacks" : firstSkipped, null);
        }
        if (pairs > 0 && !otherThanPairs) {
            throw new UnreadableRecordingException(
                    "each line ends in two numbers, as in a difference of two profiles (difffolded.pl); a difference cannot"
                            + " be opened, but both profiles can be compared",
                    null);
        }
        Samples samples = builder.samples(new Measure("samples", decimals ? Unit.MILLIONTHS_OF_EVENTS : Unit.EVENTS));
        int thread = builder.thread("", 0, 0, false);
        for (int i = 0; i < values.size(); i++) {
            builder.add(samples, 0, stacks.getInt(i), thread, (byte) 0, values.getLong(i));
        }
        List<String> warnings = skipped == 0
                ? List.of()
                : List.of(skipped + (skipped == 1 ? " line is no stack and was" : " lines are no stacks and were")
                        + " skipped; the first is " + firstSkipped);
        return builder.build(new ProfileInfo("collapsed", 0, 0, new TreeMap<>(), new TreeMap<>(), 0, warnings));
    }
}
