package io.davylamp.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.core.access.Principal;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A task as it is asked for.
 *
 * @param instances a list of names, {@code "all"} for the live ones, or a number of live ones at random
 * @param options values by name; an empty text for options without value
 */
record NewTaskJson(
        String service, JsonNode instances, Long durationSeconds, List<String> events, Map<String, String> options) {

    TaskSpec spec(Principal who, Instances known) {
        if (durationSeconds == null) {
            throw new InvalidTaskException("durationSeconds", "durationSeconds is needed: whole seconds above 0");
        }
        Set<ProfilerEvent> parsed = EnumSet.noneOf(ProfilerEvent.class);
        for (String word : events == null ? List.<String>of() : events) {
            ProfilerEvent event = word == null ? null : ProfilerEvent.ofWord(word);
            if (event == null) {
                throw new InvalidTaskException(
                        "events", "event \"" + word + "\" is unknown; known are " + ProfilerEvent.words());
            }
            parsed.add(event);
        }
        return TaskSpec.asked(
                service,
                names(who, known),
                Duration.ofSeconds(durationSeconds),
                parsed,
                options == null ? new TreeMap<>() : new TreeMap<>(options),
                null);
    }

    private List<String> names(Principal who, Instances known) {
        if (instances == null || instances.isNull()) {
            throw new InvalidTaskException("instances", "instances is needed: a list of names, \"all\", or a number");
        }
        if (instances.isArray()) {
            List<String> names = new ArrayList<>();
            for (JsonNode name : instances) {
                if (!name.isTextual()) {
                    throw new InvalidTaskException(
                            "instances", "instances must be a list of names, \"all\", or a number");
                }
                names.add(name.asText());
            }
            return names;
        }
        List<String> live = new ArrayList<>();
        for (Instance instance : service == null ? List.<Instance>of() : known.ofService(who, service)) {
            if (known.isLive(instance) && instance.unable().isEmpty()) {
                live.add(instance.name());
            }
        }
        if (instances.isTextual() && instances.asText().equals("all")) {
            return requireSome(who, live, known);
        }
        if (instances.isInt() && instances.asInt() > 0) {
            requireSome(who, live, known);
            if (live.size() < instances.asInt()) {
                throw new InvalidTaskException(
                        "instances",
                        instances.asInt() + " instances are asked for, but only " + live.size() + " are live");
            }
            Collections.shuffle(live);
            return live.subList(0, instances.asInt());
        }
        throw new InvalidTaskException("instances", "instances must be a list of names, \"all\", or a number above 0");
    }

    private List<String> requireSome(Principal who, List<String> live, Instances known) {
        if (live.isEmpty()) {
            throw service == null || known.ofService(who, service).isEmpty()
                    ? InvalidTaskException.unknown(
                            "service", "no instance of service \"" + service + "\" was ever seen")
                    : new InvalidTaskException("instances", "no instance of service \"" + service + "\" is live now");
        }
        return live;
    }
}
