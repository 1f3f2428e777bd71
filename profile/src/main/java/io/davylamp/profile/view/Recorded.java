package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileInfo;
import java.util.List;
import java.util.Map;

/** The measures that async-profiler was told to record, by its settings, whether or not events occurred. */
final class Recorded {
    /** The settings that turn a measure on. */
    private static final Map<String, String> SETTING = Map.of(
            "cpu", "cpu",
            "wall", "wall",
            "alloc", "alloc",
            "live", "live",
            "lock", "lock",
            "native-memory", "nativemem",
            "native-leak", "nativemem",
            "native-lock", "nativelock");

    private static final List<String> CPU_EVENTS = List.of("cpu", "ctimer", "itimer");

    private Recorded() {}

    /** False also when nothing is known: other recorders do not say. */
    static boolean isSaidBy(ProfileInfo info, Measure measure) {
        if (!info.isAsyncProfiler()) {
            return false;
        }
        String event = info.settings().getOrDefault("event", "");
        if (event.equals(measure.name()) || measure.name().equals("cpu") && CPU_EVENTS.contains(event)) {
            return true;
        }
        String setting = SETTING.get(measure.name());
        String value = setting == null ? null : info.settings().get(setting);
        return value != null && !value.isEmpty() && !value.equals("false") && !value.startsWith("-");
    }
}
