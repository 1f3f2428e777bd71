package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The treatment of the profiler's own samples: of our agent, of async-profiler, of SkyWalking's part that runs it. */
public enum Overhead {
    /** They stay where they were recorded. */
    KEEP,
    /** They stand below one group beside all other stacks. */
    GROUP,
    /** They are left out; the answer tells how much they are. */
    HIDE;

    /** The name of the group. */
    public static final String NAME = "profiler overhead";

    private static final List<String> CLASSES =
            List.of("io.davylamp.agent.", "one.profiler.", "org.apache.skywalking.apm.agent.core.asyncprofiler.");
    private static final List<String> THREADS = List.of("davylamp", "Async-profiler ");
    /** Symbols by which async-profiler's library is known under any name; the JVM has some classes of the same names. */
    private static final List<String> SYMBOLS =
            List.of("WallClock::", "PerfEvents::", "CTimer::", "ITimer::", "StackWalker::", "Profiler::");
    /** The application called what the profiler watches: its hook on that stack is no work of its own. */
    private static final List<String> WATCHED = List.of(
            "alloc",
            "alloc-outside-tlab",
            "live",
            "lock",
            "wait",
            "native-memory",
            "native-leak",
            "native-lock",
            "method");

    /** The word used in REST and CLI. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidQueryException if the word is unknown */
    static Overhead of(String word) {
        if (word == null) {
            return KEEP;
        }
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidQueryException(
                        "overhead",
                        "overhead \"" + word + "\" is unknown; known are "
                                + Arrays.stream(values()).map(Overhead::word).collect(Collectors.joining(", "))));
    }

    /** Finds the profiler's own threads. */
    static boolean[] threads(Profile profile) {
        String[] names = profile.threads().name();
        boolean[] own = new boolean[names.length];
        for (int t = 0; t < own.length; t++) {
            own[t] = startsWithAny(names[t], THREADS);
        }
        return own;
    }

    /** Finds the stacks with a frame of the profiler, by their number. */
    static boolean[] stacks(Profile profile, Measure measure) {
        boolean[] frames = frames(profile, !WATCHED.contains(measure.name()));
        boolean[] stacks = new boolean[profile.stackCount()];
        int[] parent = profile.stackParent();
        int[] frame = profile.stackFrame();
        for (int i = 1; i < stacks.length; i++) {
            stacks[i] = stacks[parent[i]] || frames[frame[i]];
        }
        return stacks;
    }

    private static boolean[] frames(Profile profile, boolean withLibrary) {
        int[] className = profile.methods().className();
        boolean[] libraries =
                withLibrary ? libraries(profile) : new boolean[profile.symbols().size()];
        boolean[] classes = new boolean[libraries.length];
        boolean[] known = new boolean[libraries.length];
        boolean[] frames = new boolean[profile.frames().size()];
        for (int f = 0; f < frames.length; f++) {
            int text = className[profile.frames().method()[f]];
            if (!known[text]) {
                known[text] = true;
                classes[text] =
                        libraries[text] || startsWithAny(profile.symbols().get(text), CLASSES);
            }
            frames[f] = classes[text];
        }
        return frames;
    }

    private static boolean[] libraries(Profile profile) {
        boolean[] libraries = new boolean[profile.symbols().size()];
        for (int m = 0; m < profile.methods().size(); m++) {
            int text = profile.methods().className()[m];
            String library = profile.symbols().get(text);
            if (!libraries[text] && (library.contains(".so") || library.endsWith(".dylib"))) {
                libraries[text] = library.contains("asyncProfiler")
                        || !library.startsWith("libjvm.")
                                && startsWithAny(
                                        profile.symbols().get(profile.methods().name()[m]), SYMBOLS);
            }
        }
        return libraries;
    }

    private static boolean startsWithAny(String text, List<String> beginnings) {
        for (String beginning : beginnings) {
            if (text.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
