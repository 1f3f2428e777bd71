package io.davylamp.core.task;

import io.davylamp.core.Quoted;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A request to profile: instances, duration, events, options. {@link #requireValid} checks it in itself. Creating the task checks
 * whether the service and its instances exist, and whether the duration is within the server's limit.
 *
 * @param instances names of instances, at least one, each once
 * @param duration whole seconds
 * @param events at least one, at most one {@linkplain ProfilerEvent#isEngine engine}
 * @param options by their words; empty text for options without value
 * @param optionsText the options as the client wrote them, to be shown again; null when none were given as text
 */
public record TaskSpec(
        String service,
        List<String> instances,
        Duration duration,
        Set<ProfilerEvent> events,
        SortedMap<String, String> options,
        String optionsText) {

    /** Takes what it is given: rows of a store are not checked again, so that a stricter rule leaves old tasks readable. */
    public TaskSpec {
        instances = instances == null ? List.of() : List.copyOf(instances);
        EnumSet<ProfilerEvent> sorted = EnumSet.noneOf(ProfilerEvent.class);
        sorted.addAll(events == null ? Set.of() : events);
        events = Collections.unmodifiableSet(sorted);
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options == null ? Map.of() : options));
    }

    /**
     * What somebody asks for now.
     *
     * @throws InvalidTaskException naming the field, what was wrong, and what is allowed
     */
    public static TaskSpec asked(
            String service,
            List<String> instances,
            Duration duration,
            Set<ProfilerEvent> events,
            SortedMap<String, String> options,
            String optionsText) {
        TaskSpec spec = new TaskSpec(service, instances, duration, events, options, optionsText);
        spec.requireValid();
        return spec;
    }

    /** @throws InvalidTaskException naming the field, what was wrong, and what is allowed */
    public void requireValid() {
        if (service == null || service.isBlank()) {
            throw new InvalidTaskException("service", "a service is needed");
        }
        if (instances.isEmpty()) {
            throw new InvalidTaskException("instances", "at least one instance is needed");
        }
        if (new HashSet<>(instances).size() != instances.size()) {
            throw new InvalidTaskException("instances", "an instance is named twice");
        }
        if (duration == null || duration.isNegative() || duration.isZero()) {
            throw new InvalidTaskException("durationSeconds", "the duration must be above 0");
        }
        if (duration.getNano() != 0) {
            throw new InvalidTaskException("durationSeconds", "the duration must be whole seconds");
        }
        if (events.isEmpty()) {
            throw new InvalidTaskException("events", "at least one event is needed: " + ProfilerEvent.words());
        }
        String engines = events.stream()
                .filter(ProfilerEvent::isEngine)
                .map(ProfilerEvent::word)
                .collect(Collectors.joining(" and "));
        if (engines.contains(" and ")) {
            throw new InvalidTaskException(
                    "events", engines + " cannot be recorded together: the profiler has one engine at a time");
        }
        options.forEach(TaskSpec::requireOption);
        if (events.containsAll(EnumSet.of(ProfilerEvent.ALLOC, ProfilerEvent.LIVE))) {
            throw new InvalidTaskException(
                    "events", "live records the allocations that survive in place of all: choose alloc or live");
        }
        if (events.contains(ProfilerEvent.TRACE) && !options.containsKey("trace")) {
            throw new InvalidTaskException(
                    "options", "the event trace needs the option trace: " + ProfilerOption.TRACE.allowed());
        }
        requireEventOf(options, "wall", events, ProfilerEvent.WALL);
        requireEventOf(options, "alloc", events, ProfilerEvent.ALLOC, ProfilerEvent.LIVE);
        requireEventOf(options, "nativelock", events, ProfilerEvent.NATIVELOCK);
        requireEventOf(options, "trace", events, ProfilerEvent.TRACE);
        requireEventOf(options, "live", events, ProfilerEvent.ALLOC);
        requireEventOf(options, "lock", events, ProfilerEvent.LOCK);
        requireEventOf(options, "nativemem", events, ProfilerEvent.NATIVEMEM);
        requireEventOf(options, "nofree", events, ProfilerEvent.NATIVEMEM);
    }

    private static void requireOption(String word, String value) {
        ProfilerOption option = ProfilerOption.ofWord(word);
        if (option == null) {
            throw new InvalidTaskException(
                    "options",
                    "option " + Quoted.of(word) + " is not allowed; allowed are " + ProfilerOption.words(Set.of()));
        }
        if (value == null || !option.accepts(value)) {
            throw new InvalidTaskException(
                    "options",
                    "option " + word + " cannot be " + Quoted.of(value == null ? "" : value) + "; allowed is "
                            + option.allowed());
        }
    }

    private static void requireEventOf(
            Map<String, String> options, String option, Set<ProfilerEvent> events, ProfilerEvent... needed) {
        if (options.containsKey(option) && Arrays.stream(needed).noneMatch(events::contains)) {
            throw new InvalidTaskException(
                    "options",
                    "option " + option + " needs the event "
                            + Arrays.stream(needed).map(ProfilerEvent::word).collect(Collectors.joining(" or "))
                            + ", which was not asked for");
        }
    }
}
