package io.davylamp.core.task;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The options of async-profiler that a task may set: an allow-list. Options that would change what the command does, write
 * other files or open a socket on the target are not here, so no task can ask for them.
 */
public enum ProfilerOption {
    INTERVAL("a time such as 10ms", "[1-9][0-9]{0,11}(ns|us|ms|s)?"),
    WALL("a time such as 50ms", "[1-9][0-9]{0,11}(ns|us|ms|s)?"),
    ALLOC("a size such as 512k", "[0-9]{1,12}[kKmM]?"),
    LIVE("no value", ""),
    LOCK("a time such as 1ms", "[0-9]{1,12}(ns|us|ms|s)?"),
    NATIVEMEM("a size such as 512k", "[0-9]{1,12}[kKmM]?"),
    NOFREE("no value", ""),
    NATIVELOCK("a time such as 1ms", "[0-9]{1,12}(ns|us|ms|s)?"),
    TRACE(
            "methods with a latency such as a.b.C.m:10ms, joined by +",
            "[\\w.$*<>]{3,300}(:[0-9]{1,12}(ns|us|ms|s)?)?([+][\\w.$*<>]{3,300}(:[0-9]{1,12}(ns|us|ms|s)?)?){0,15}"),
    MEMLIMIT("a size such as 256m", "[1-9][0-9]{0,11}[kKmM]?"),
    JSTACKDEPTH("1 to 8192", "[1-9][0-9]{0,2}|[1-7][0-9]{3}|80[0-9]{2}|81[0-8][0-9]|819[0-2]"),
    CSTACK("fp, dwarf, lbr, vm, vmx or no", "fp|dwarf|lbr|vm|vmx|no"),
    SCHED("no value", ""),
    THREADS("no value", ""),
    JFR("no value", ""),
    FEATURES("words joined by +", "[a-z]{1,20}([+][a-z]{1,20}){0,10}"),
    SAFEMODE("a number up to 255", "[0-9]{1,3}"),
    SIGNAL("one or two numbers such as 27/28", "[1-9][0-9]?(/[1-9][0-9]?)?"),
    MCACHE("0 to 4", "[0-4]"),
    CHUNKSIZE("a size such as 10m", "[1-9][0-9]{0,11}[kKmM]?"),
    CHUNKTIME("a time such as 1m", "[1-9][0-9]{0,8}[smhd]?"),
    INCLUDE("a pattern without comma", "[^,\\p{Cntrl}]{1,200}"),
    EXCLUDE("a pattern without comma", "[^,\\p{Cntrl}]{1,200}"),
    FILTER("thread ids such as 120-127", "[0-9]{1,10}([-+][0-9]{1,10}){0,30}"),
    ALLKERNEL("no value", ""),
    ALLUSER("no value", ""),
    CLOCK("tsc or monotonic", "tsc|monotonic");

    private final String allowed;
    private final Pattern pattern;

    ProfilerOption(String allowed, String pattern) {
        this.allowed = allowed;
        this.pattern = Pattern.compile(pattern);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words but some, for messages. */
    public static String words(Collection<String> without) {
        return Arrays.stream(values())
                .map(ProfilerOption::word)
                .filter(word -> !without.contains(word))
                .collect(Collectors.joining(", "));
    }

    /** Returns the allowed values, as text for a message. */
    public String allowed() {
        return allowed;
    }

    boolean accepts(String value) {
        return pattern.matcher(value).matches();
    }

    /** The option of that word, or null. */
    public static ProfilerOption ofWord(String word) {
        for (ProfilerOption option : values()) {
            if (option.word().equals(word)) {
                return option;
            }
        }
        return null;
    }
}
