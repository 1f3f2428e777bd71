package io.davylamp.profile.export;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code perf script} prints: a line for each sample, and below it a line for each frame, innermost first. Each event is a
 * measure of its name that counts samples; what such an event counted itself, its period, is a second one. Lines that are none of this
 * are skipped, and told of. Source: tools/perf/Documentation/perf-script.txt of Linux.
 */
final class PerfScriptImport {
    private static final int MAX_DEPTH = 16_384;
    private static final int LONGEST_HEADER = 1_000;
    private static final int LOOK_LINES = 200;
    private static final long NANOS = 1_000_000_000;

    /** {@code java 12/13 [001] 5.123456: 250000 cycles:u:}; only the thread's name and a number of it must be there. */
    private static final Pattern HEADER = Pattern.compile(
            "(\\S.*?)\\s+(?:(-?\\d+)/)?(-?\\d+)(?:\\s+\\[(\\d+)\\])?"
                    + "(?:\\s+[-.a-zA-Z]{4,8})?(?:\\s+(\\d+\\.\\d+):)?(?:\\s+(\\d+))?\\s+([A-Za-z][\\w.,/=\\-]*(?::[\\w.\\-]+)*):(?:\\s.*)?");

    private static final Pattern FRAME = Pattern.compile("\\s+([0-9a-f]{1,16})\\s+(\\S.*)");
    private static final Pattern OFFSET = Pattern.compile("\\+0x[0-9a-f]+$");
    private static final Pattern MODIFIERS = Pattern.compile(":[ukhGHpPSDIWeb]*$");

    private final ProfileBuilder builder;
    private final Map<String, Integer> frames = new HashMap<>();
    private final Map<String, Long> totals = new HashMap<>();
    private int[] path = new int[64];
    private int depth;
    private Matcher sample;
    private long sampleLine;
    private long samples;
    private long withoutStack;
    private long firstNanos = -1;
    private long lastNanos;
    private long skipped;
    private String firstSkipped;

    private PerfScriptImport(ProfileLimits limits) {
        this.builder = new ProfileBuilder(limits);
    }

    /** Whether a text begins as one: a line for a sample, and below it one for a frame. */
    static boolean isPerfScript(String start) {
        boolean header = false;
        for (String line : start.lines().limit(LOOK_LINES).toList()) {
            if (header && isFrame(line)) {
                return true;
            }
            header = header(line) != null;
        }
        return false;
    }

    private static Matcher header(String line) {
        if (line.length() > LONGEST_HEADER || line.isEmpty() || line.charAt(0) == '#' || line.charAt(0) == '\t') {
            return null;
        }
        Matcher matcher = HEADER.matcher(line.strip());
        return matcher.matches() && !isFrame(line) ? matcher : null;
    }

    private static boolean isFrame(String line) {
        return !line.isEmpty()
                && Character.isWhitespace(line.charAt(0))
                && line.endsWith(")")
                && FRAME.matcher(line).matches();
    }

    /** The caller closes {@code in}. */
    static Profile read(InputStream in, ProfileLimits limits) throws IOException {
        PerfScriptImport read = new PerfScriptImport(limits);
        TextLines lines = new TextLines(in);
        try {
            for (String line; (line = lines.next()) != null; ) {
                read.line(line, lines.number());
            }
            read.end();
            return read.build();
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the file has " + e.getMessage(), e);
        }
    }

    private void line(String line, long number) throws UnreadableRecordingException {
        if (line.isBlank()) {
            end();
            return;
        }
        if (line.startsWith("#")) {
            return;
        }
        if (sample != null && isFrame(line)) {
            if (depth == MAX_DEPTH) {
                throw new UnreadableRecordingException("line " + number + ": more than " + MAX_DEPTH + " frames", null);
            }
            if (depth == path.length) {
                path = Arrays.copyOf(path, depth * 2);
            }
            path[depth++] = frames.computeIfAbsent(line.strip(), this::frame);
            return;
        }
        Matcher header = header(line);
        if (header != null) {
            end();
            sample = header;
            sampleLine = number;
        } else if (sample == null || !Character.isWhitespace(line.charAt(0))) {
            // Lines between frames are where they are in the source.
            if (skipped++ == 0) {
                firstSkipped = "line " + number + ": \"" + TextLines.shortened(line.strip()) + "\"";
            }
        }
    }

    /** {@code 7f12 symbol+0x5 (/lib/libc.so.6)}. */
    private int frame(String line) {
        Matcher parts = FRAME.matcher(" " + line);
        if (!parts.matches()) {
            return FrameText.frame(builder, "", line, 0, FrameKind.UNKNOWN);
        }
        String rest = parts.group(2);
        int open = rest.endsWith("([kernel.kallsyms])")
                ? rest.length() - "([kernel.kallsyms])".length()
                : rest.lastIndexOf(" (") + 1;
        String file = rest.substring(open + 1, rest.length() - 1);
        String symbol =
                OFFSET.matcher(rest.substring(0, Math.max(0, open)).strip()).replaceFirst("");
        String library = file.substring(file.lastIndexOf('/') + 1);
        boolean isKernel = file.startsWith("[kernel") || file.startsWith("[guest.kernel") || file.endsWith(".ko");
        if (symbol.isEmpty() || symbol.equals("[unknown]")) {
            boolean isKnown = !library.isEmpty() && !library.equals("[unknown]") && !isKernel;
            return FrameText.frame(
                    builder,
                    isKnown ? library : "",
                    "0x" + parts.group(1),
                    0,
                    isKernel ? FrameKind.KERNEL : FrameKind.NATIVE);
        }
        if (isKernel) {
            return FrameText.frame(builder, "", symbol, 0, FrameKind.KERNEL);
        }
        return library.contains(".so")
                ? FrameText.frame(builder, library, symbol, 0, FrameKind.NATIVE)
                : FrameText.frame(builder, symbol, 0, FrameKind.UNKNOWN);
    }

    /** Adds the sample whose lines have ended. */
    private void end() throws UnreadableRecordingException {
        if (sample == null) {
            return;
        }
        Matcher header = sample;
        int of = depth;
        sample = null;
        depth = 0;
        samples++;
        if (of == 0) {
            withoutStack++;
            return;
        }
        long time = 0;
        if (header.group(5) != null) {
            long nanos = nanos(header.group(5));
            firstNanos = firstNanos < 0 ? nanos : firstNanos;
            time = Math.max(0, nanos - firstNanos);
            lastNanos = Math.max(lastNanos, time);
        }
        String name = header.group(1);
        int thread = builder.thread(name, number(header.group(3)), 0, false);
        int stack = builder.stack(path, of);
        String event = MODIFIERS.matcher(header.group(7)).replaceFirst("");
        builder.add(builder.samples(new Measure(event, Unit.SAMPLES)), time, stack, thread, (byte) 0, 1);
        long period = header.group(6) == null ? 0 : number(header.group(6));
        if (period > 1) {
            boolean isTime = event.equals("cpu-clock") || event.equals("task-clock");
            Measure measure =
                    new Measure(event + (isTime ? ".time" : ".period"), isTime ? Unit.NANOSECONDS : Unit.EVENTS);
            try {
                totals.merge(measure.name(), period, Math::addExact);
            } catch (ArithmeticException e) {
                throw new UnreadableRecordingException(
                        "line " + sampleLine + ": with the period " + period
                                + " all together are more than a number of 63 bits holds",
                        e);
            }
            builder.add(builder.samples(measure), time, stack, thread, (byte) 0, period);
        }
    }

    private static long nanos(String seconds) {
        try {
            return new BigDecimal(seconds).multiply(BigDecimal.valueOf(NANOS)).longValue();
        } catch (ArithmeticException e) {
            return 0;
        }
    }

    /** A number that is too large is the largest. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private Profile build() throws UnreadableRecordingException {
        if (samples == withoutStack) {
            throw new UnreadableRecordingException(
                    samples == 0
                            ? "the file has no samples"
                            : "none of its " + samples + " samples has a stack; record with perf -g",
                    null);
        }
        String warning = withoutStack == 0 ? "" : withoutStack + " of " + samples + " samples have no stack";
        if (skipped > 0) {
            warning += (warning.isEmpty() ? "" : "; ") + skipped + (skipped == 1 ? " line is" : " lines are")
                    + " of no sample and skipped; the first is " + firstSkipped;
        }
        return builder.build(new ProfileInfo(
                "perf",
                0,
                lastNanos,
                new TreeMap<>(),
                new TreeMap<>(),
                0,
                warning.isEmpty() ? List.of() : List.of(warning)));
    }
}
