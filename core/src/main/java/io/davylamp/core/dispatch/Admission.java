package io.davylamp.core.dispatch;

import io.davylamp.core.Quoted;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides whether a task may be created: its limits, and what the agents of its instances say they can do. Thread-safe. */
final class Admission {
    private final Supplier<TaskLimits> limitsNow;

    Admission(Supplier<TaskLimits> limitsNow) {
        this.limitsNow = limitsNow;
    }

    /** @throws InvalidTaskException if the task asks for more than the server allows */
    void requireWithinLimits(TaskSpec spec) {
        spec.requireValid();
        TaskLimits limits = limitsNow.get();
        if (spec.duration().compareTo(limits.minDuration()) < 0
                || spec.duration().compareTo(limits.maxDuration()) > 0) {
            throw new InvalidTaskException(
                    "durationSeconds",
                    "the duration is " + seconds(spec.duration()) + "; allowed are " + seconds(limits.minDuration())
                            + " to " + seconds(limits.maxDuration()));
        }
        if (spec.instances().size() > limits.instances()) {
            throw new InvalidTaskException(
                    "instances",
                    spec.instances().size() + " instances; at most " + limits.instances() + " are allowed");
        }
        if (spec.options().size() > limits.options()) {
            throw new InvalidTaskException(
                    "options", spec.options().size() + " options; at most " + limits.options() + " are allowed");
        }
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    /**
     * The instances of a task.
     *
     * @throws InvalidTaskException if one is unknown or cannot do what the task asks for
     */
    static List<Instance> requireAll(Store.Tx tx, TaskSpec spec) {
        Map<String, Instance> known = new HashMap<>();
        for (Instance instance : tx.instances().ofService(spec.service())) {
            known.put(instance.name(), instance);
        }
        if (known.isEmpty()) {
            throw unknownService(spec.service());
        }
        List<Instance> chosen = new ArrayList<>();
        for (String name : spec.instances()) {
            Instance instance = known.get(name);
            if (instance == null) {
                throw InvalidTaskException.unknown(
                        "instances",
                        "service \"" + spec.service() + "\" has no instance " + Quoted.of(name) + "; it has "
                                + known.keySet().stream().sorted().limit(20).collect(Collectors.joining(", ")));
            }
            requireAble(instance, spec);
            chosen.add(instance);
        }
        return chosen;
    }

    static InvalidTaskException unknownService(String service) {
        return InvalidTaskException.unknown(
                "service", "no instance of service " + Quoted.of(service) + " was ever seen");
    }

    private static void requireAble(Instance instance, TaskSpec spec) {
        if (!instance.unable().isEmpty()) {
            throw new InvalidTaskException(
                    "instances",
                    "instance \"" + instance.name() + "\" cannot be profiled: "
                            + instance.unable().reason());
        }
        Abilities abilities = instance.abilities();
        for (ProfilerEvent event : spec.events()) {
            String why = abilities.lacks().get(event.word());
            if (why != null) {
                throw new InvalidTaskException(
                        "events",
                        "instance \"" + instance.name() + "\" cannot record " + event.word() + ": " + why
                                + instead(event, abilities));
            }
        }
        for (String option : spec.options().keySet()) {
            String why = abilities.lacks().get(option);
            if (why != null) {
                throw new InvalidTaskException(
                        "options", "instance \"" + instance.name() + "\" cannot do " + option + ": " + why);
            }
        }
        if (abilities.maxSeconds() > 0 && spec.duration().toSeconds() > abilities.maxSeconds()) {
            throw new InvalidTaskException(
                    "durationSeconds",
                    "the duration is " + seconds(spec.duration()) + "; the agent of instance \"" + instance.name()
                            + "\" " + (abilities.reports() ? "profiles at most " : "would cut it without a word at ")
                            + abilities.maxSeconds() + " s");
        }
    }

    /** Where the processor's time goes can be told in several ways, from the most exact to the one that works everywhere. */
    private static String instead(ProfilerEvent event, Abilities abilities) {
        return event.isEngine()
                ? Stream.of(ProfilerEvent.CPU, ProfilerEvent.CTIMER, ProfilerEvent.ITIMER)
                        .filter(other -> !abilities.lacks().containsKey(other.word()))
                        .findFirst()
                        .map(other -> "; possible instead: " + other.word())
                        .orElse("")
                : "";
    }
}
