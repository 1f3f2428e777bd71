package io.davylamp.core.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task as the text that async-profiler takes: {@code event=cpu,alloc=512k,lock,interval=10ms}. Without action, output and
 * file, which are the agent's to add.
 *
 * <p>Source: async-profiler's {@code arguments.cpp}. The engine goes first; the profiler splits at every comma.
 */
public final class TaskSpecText {
    private TaskSpecText() {}

    public static String of(TaskSpec spec) {
        Map<String, String> options = new TreeMap<>(spec.options());
        List<String> parts = new ArrayList<>();
        for (ProfilerEvent event : spec.events()) {
            if (event.isEngine()) {
                parts.add("event=" + event.word());
            }
        }
        boolean hasEngine = !parts.isEmpty();
        for (ProfilerEvent event : spec.events()) {
            if (event == ProfilerEvent.WALL && !hasEngine) {
                parts.add("event=wall");
                if (options.containsKey("wall")) {
                    parts.add("interval=" + options.remove("wall"));
                    options.remove("interval");
                }
            } else if (event == ProfilerEvent.LIVE) {
                parts.add(option("alloc", options.remove("alloc")));
                parts.add("live");
                options.remove("live");
            } else if (event == ProfilerEvent.TRACE) {
                for (String method : options.remove("trace").split("[+]")) {
                    parts.add("trace=" + method);
                }
            } else if (!event.isEngine()) {
                parts.add(option(event.word(), options.remove(event.word())));
            }
        }
        options.forEach((word, value) -> parts.add(option(word, value)));
        return String.join(",", parts);
    }

    private static String option(String word, String value) {
        return value == null || value.isEmpty() ? word : word + "=" + value;
    }
}
