package io.davylamp.core.instance;

import io.davylamp.core.Changes;
import io.davylamp.core.Ids;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Who runs where. Thread-safe. */
public final class Instances {
    /** An instance that was heard of within this time is live. */
    public static final Duration LIVE = Duration.ofSeconds(30);

    private final Store store;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final InstanceLimits limits;

    /** A service and how many of its instances are live. */
    public record Service(String name, int liveInstances, int instances, long lastSeenMillis) {}

    public Instances(Store store, Ids ids, Changes changes, Clock clock, InstanceLimits limits) {
        this.store = store;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Notes that an instance is there.
     *
     * @throws InvalidInstanceException if a name is blank, too long or holds control characters, or there are too many
     */
    public Instance hello(String service, String name, Map<String, String> properties, String unable, String life) {
        requireName("service", service);
        requireName("instance", name);
        long now = clock.millis();
        Instance instance = store.write(tx -> {
            Optional<Instance> known = tx.instances().find(service, name);
            if (known.isEmpty() && tx.instances().count(service) >= limits.instancesPerService()) {
                throw new InvalidInstanceException("service " + service + " has " + limits.instancesPerService()
                        + " instances already; that is the limit");
            }
            Instance seen = new Instance(
                    known.map(Instance::id).orElseGet(() -> ids.next(now)),
                    service,
                    name,
                    kept(properties),
                    cut(unable),
                    life,
                    known.map(Instance::firstSeenMillis).orElse(now),
                    now);
            tx.instances().put(seen);
            return seen;
        });
        changes.instance(instance.service());
        return instance;
    }

    /** Notes that the instance is still there. */
    public void seen(String instanceId) {
        store.writeSoon(tx -> tx.instances().seen(instanceId, clock.millis()));
    }

    public Optional<Instance> find(String service, String name) {
        return store.read(tx -> tx.instances().find(service, name));
    }

    /** All instances of a service, the live ones first, then by name; empty when nobody knows the service. */
    public List<Instance> ofService(String service) {
        return store.read(tx -> tx.instances().ofService(service)).stream()
                .sorted(Comparator.comparing((Instance i) -> !isLive(i)).thenComparing(Instance::name))
                .toList();
    }

    public List<Service> services() {
        Map<String, List<Instance>> byService = new TreeMap<>();
        for (Instance instance : store.read(tx -> tx.instances().all())) {
            byService
                    .computeIfAbsent(instance.service(), s -> new ArrayList<>())
                    .add(instance);
        }
        return byService.entrySet().stream()
                .map(entry -> new Service(
                        entry.getKey(),
                        (int) entry.getValue().stream().filter(this::isLive).count(),
                        entry.getValue().size(),
                        entry.getValue().stream()
                                .mapToLong(Instance::lastSeenMillis)
                                .max()
                                .orElse(0)))
                .toList();
    }

    public boolean isLive(Instance instance) {
        return clock.millis() - instance.lastSeenMillis() <= LIVE.toMillis();
    }

    private void requireName(String what, String name) {
        if (name.isBlank()) {
            throw new InvalidInstanceException("the " + what + "'s name is blank");
        }
        if (name.length() > limits.nameCharacters()) {
            throw new InvalidInstanceException("the " + what + "'s name has " + name.length() + " characters; "
                    + limits.nameCharacters() + " are allowed");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInstanceException("the " + what + "'s name holds a control character");
        }
    }

    private SortedMap<String, String> kept(Map<String, String> properties) {
        SortedMap<String, String> kept = new TreeMap<>();
        for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
            if (kept.size() < limits.properties()) {
                kept.put(cut(property.getKey()), cut(property.getValue()));
            }
        }
        return kept;
    }

    private String cut(String text) {
        return text.length() <= limits.propertyCharacters() ? text : text.substring(0, limits.propertyCharacters());
    }
}
