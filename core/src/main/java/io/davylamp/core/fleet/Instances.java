package io.davylamp.core.fleet;

import io.davylamp.core.Ids;
import io.davylamp.core.Quoted;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.InstanceTakenException;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Place;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instances of all services, and which of them are live. Thread-safe. */
public final class Instances {
    private static final Logger log = LoggerFactory.getLogger(Instances.class);
    /** An instance that was heard of within this time, by any server, is live. */
    public static final Duration LIVE = Duration.ofSeconds(30);
    /** How often {@link #flush} is to be called. */
    public static final Duration FLUSH = Duration.ofSeconds(5);
    /** Rows that one statement asks for. */
    private static final int BATCH = 1_000;
    /** Instances that one transaction notes as seen. */
    private static final int SEEN_BATCH = 5_000;

    private final Store store;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final InstanceLimits limits;
    private final Headroom headroom = new Headroom();
    private final Audited audit;
    private final Seldom seldom = new Seldom();
    /** The time of the last report of each instance to this server, in ms by its clock. */
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    /** The instances that reported since the last {@link #flush}. */
    private final Set<String> unwritten = ConcurrentHashMap.newKeySet();
    /** The connections that ended since the last {@link #flush}. */
    private final Set<String> endedLinks = ConcurrentHashMap.newKeySet();

    /** A service and how many of its instances are live. */
    public record Service(String name, int liveInstances, int instances, long lastSeenMillis) {}

    public Instances(Store store, Ids ids, Changes changes, Clock clock, InstanceLimits limits) {
        this(store, ids, changes, clock, limits, Audited.NONE);
    }

    /** @param audit takes note of who did what */
    public Instances(Store store, Ids ids, Changes changes, Clock clock, InstanceLimits limits, Audited audit) {
        this.audit = audit;
        this.store = store;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
    }

    /** Notes a report of an agent with all abilities and no labels. */
    public Instance hello(
            Principal who, String service, String name, Map<String, String> properties, Unable unable, String life) {
        return hello(who, service, name, properties, Map.of(), unable, life, Abilities.ALL);
    }

    /**
     * Notes that an instance is there. What a crash of the machine may lose of it, the agent says again.
     *
     * <p>Of two agents in one JVM the one that {@linkplain Abilities#reports reports} is the better one: while it lives, nothing
     * that the other says of the instance is noted.
     *
     * @param labels those that are not {@linkplain Labels allowed} are left out, which the log tells
     * @return what is known now
     * @throws InvalidInstanceException if a name is blank, too long or holds control characters, or there are too many
     */
    public Instance hello(
            Principal who,
            String service,
            String name,
            Map<String, String> properties,
            Map<String, String> labels,
            Unable unable,
            String life,
            Abilities abilities) {
        return hello(who, service, name, properties, labels, unable, life, abilities, "", known -> false);
    }

    /**
     * The same for an agent with a connection.
     *
     * @param link names the connection, which is the instance's only one from now on; empty for none
     * @param isTaken whether another JVM has the instance, which is given as it is known; may be asked more than once
     * @throws InstanceTakenException if it has
     */
    public Instance hello(
            Principal who,
            String service,
            String name,
            Map<String, String> properties,
            Map<String, String> labels,
            Unable unable,
            String life,
            Abilities abilities,
            String link,
            Predicate<Instance> isTaken) {
        requireSpeaksFor(who, service);
        requireName("service", service);
        requireName("instance", name);
        Labels allowed = Labels.allowed(
                labels,
                refused -> seldom.log(
                        "labels", more -> log.warn("instance {} of {}: {}{}", name, service, refused, more)));
        long now = clock.millis();
        Instance instance = store.writeSoon(tx -> {
            Optional<Instance> known = tx.instances().find(service, name);
            // A repeated transaction takes a place once more: then they are counted again a little earlier.
            if (known.isEmpty()
                    && !headroom.take(
                            service,
                            limits.instancesPerService(),
                            () -> tx.instances().count(service))) {
                throw new InvalidInstanceException("service " + service + " has " + limits.instancesPerService()
                        + " instances already; that is the limit");
            }
            if (known.isEmpty()
                    && !headroom.take(
                            "", limits.instances(), () -> tx.instances().count())) {
                throw new InvalidInstanceException(
                        "the server knows " + limits.instances() + " instances already; that is the limit");
            }
            if (!abilities.reports()
                    && known.filter(other -> other.abilities().reports() && isLive(other))
                            .isPresent()) {
                return known.get();
            }
            known.filter(isTaken).ifPresent(other -> {
                throw new InstanceTakenException(other);
            });
            Instance seen = new Instance(
                    known.map(Instance::id).orElseGet(() -> ids.next(now)),
                    service,
                    name,
                    kept(properties),
                    allowed,
                    new Unable(cut(unable.code()), cut(unable.reason())),
                    life,
                    link,
                    new Abilities(
                            abilities.reports(),
                            kept(abilities.lacks()),
                            kept(abilities.unsure()),
                            abilities.maxSeconds()),
                    known.map(Instance::trustMillis).orElse(0L),
                    known.map(Instance::firstSeenMillis).orElse(now),
                    // A clock that was set back makes nobody older than he was.
                    Math.max(now, known.map(Instance::lastSeenMillis).orElse(now)));
            tx.instances().put(seen);
            return seen;
        });
        if (instance.life().equals(life)) {
            heard.put(instance.id(), now);
        }
        changes.instance(instance.service());
        return instance;
    }

    /** @throws InvalidInstanceException if the agent's token is not for the service */
    public static void requireSpeaksFor(Principal who, String service) {
        if (!who.speaksFor(service)) {
            throw new InvalidInstanceException("the token or certificate of this agent (" + who.name()
                    + ") is not for service " + Quoted.of(service)
                    + "; make one with davy token, or name the service as the token or certificate says");
        }
    }

    /**
     * Somebody wants the instance profiled again although JVMs died; kept until {@link #trustIsKnown}.
     *
     * @throws DeniedException if the caller may only look at its service
     */
    public void trust(Principal who, String instanceId) {
        find(instanceId).ifPresent(instance -> {
            audit.require(
                    who,
                    Role.PROFILER,
                    instance.service(),
                    "instance.trust",
                    instance.name(),
                    "profiling an instance again whose JVMs died");
            audit.done(who, "instance.trust", instance.service(), List.of(instance.name()), "");
        });
        long now = clock.millis();
        store.write(tx -> {
            tx.instances()
                    .byId(instanceId)
                    .ifPresent(known -> tx.instances().put(known.trusted(Math.max(now, known.trustMillis() + 1))));
            return null;
        });
        changes.work(instanceId);
    }

    /** The instance's agent has shown that it knows of the {@linkplain #trust trust} of that moment. */
    public void trustIsKnown(String instanceId, long trustMillis) {
        store.write(tx -> {
            tx.instances()
                    .byId(instanceId)
                    .filter(known -> known.trustMillis() == trustMillis)
                    .ifPresent(known -> tx.instances().put(known.trusted(0)));
            return null;
        });
    }

    public Optional<Instance> find(String instanceId) {
        return store.read(tx -> tx.instances().byId(instanceId));
    }

    /** Notes that the instance is still there; {@link #flush} writes it. */
    public void seen(String instanceId) {
        heard.put(instanceId, clock.millis());
        unwritten.add(instanceId);
    }

    /** Finds the instance whose agent has this connection. */
    public Optional<Instance> byLink(String link) {
        return store.read(tx -> tx.instances().byLink(link));
    }

    /** Notes that a connection ended; {@link #flushEnded} or {@link #flush} writes it. */
    public void ended(String link) {
        endedLinks.add(link);
    }

    /** Writes which connections {@linkplain #ended ended}, so that another JVM may have the name, at any server. */
    public void flushEnded() {
        List<String> ended = List.copyOf(endedLinks);
        for (int done = 0; done < ended.size(); done += BATCH) {
            List<String> some = ended.subList(done, Math.min(ended.size(), done + BATCH));
            store.writeSoon(tx -> {
                tx.instances().unlink(some);
                return null;
            });
            some.forEach(endedLinks::remove);
        }
    }

    /**
     * Writes who was {@linkplain #seen seen} since the last time: heartbeats come by the thousand, and thousands cost one statement.
     */
    public void flush() {
        flushEnded();
        List<String> ids = List.copyOf(unwritten);
        for (int done = 0; done < ids.size(); done += SEEN_BATCH) {
            List<String> some = ids.subList(done, Math.min(ids.size(), done + SEEN_BATCH));
            Map<String, Long> seen = new HashMap<>();
            for (String instanceId : some) {
                // First out of the set: who is heard of meanwhile comes into it again.
                unwritten.remove(instanceId);
                seen.put(instanceId, heard.getOrDefault(instanceId, 0L));
            }
            try {
                store.writeSoon(tx -> {
                    tx.instances().seen(seen);
                    return null;
                });
            } catch (RuntimeException e) {
                unwritten.addAll(some);
                throw e;
            }
        }
    }

    /** Forgets instances that were not heard of for so long and of which nothing is kept. */
    public void forget(Duration unseen) {
        long before = clock.millis() - unseen.toMillis();
        int gone = store.write(tx -> tx.instances().deleteUnseenSince(before));
        heard.values().removeIf(millis -> millis < before);
        if (gone > 0) {
            log.info("{} instances were not heard of for {} and are forgotten", gone, unseen);
        }
    }

    /** Finds an instance for its agent. */
    public Optional<Instance> find(String service, String name) {
        return store.read(tx -> tx.instances().find(service, name));
    }

    public Optional<Instance> find(Principal who, String service, String name) {
        return who.maySee(service) ? find(service, name) : Optional.empty();
    }

    /** All instances of a service, the live ones first, then by name; empty when there is none that the caller may see. */
    public List<Instance> ofService(Principal who, String service) {
        if (!who.maySee(service)) {
            return List.of();
        }
        return store.read(tx -> tx.instances().ofService(service)).stream()
                .sorted(Comparator.comparing((Instance i) -> !isLive(i)).thenComparing(Instance::name))
                .toList();
    }

    /** The services that the caller may see, by name. */
    public List<Service> services(Principal who) {
        Map<String, List<Instance>> byService = new TreeMap<>();
        for (Instance instance : store.read(tx -> tx.instances().all())) {
            byService
                    .computeIfAbsent(instance.service(), s -> new ArrayList<>())
                    .add(instance);
        }
        byService.keySet().removeIf(service -> !who.maySee(service));
        return byService.entrySet().stream()
                .map(entry -> new Service(
                        entry.getKey(),
                        (int) entry.getValue().stream().filter(this::isLive).count(),
                        entry.getValue().size(),
                        entry.getValue().stream()
                                .mapToLong(this::lastSeenMillis)
                                .max()
                                .orElse(0)))
                .toList();
    }

    /** When the instance was last heard of, also if that is not written yet; it never goes back. */
    public long lastSeenMillis(Instance instance) {
        return Math.max(instance.lastSeenMillis(), heard.getOrDefault(instance.id(), 0L));
    }

    /**
     * Whether any server heard of the instance lately. After the clock was set back, who was heard of in what is the future now is
     * not live before he is heard of again.
     */
    public boolean isLive(Instance instance) {
        return isLately(heard.getOrDefault(instance.id(), 0L)) || isLately(instance.lastSeenMillis());
    }

    private boolean isLately(long millis) {
        return Math.abs(clock.millis() - millis) <= LIVE.toMillis();
    }

    /** When this server last heard of the instance, as its clock said then; 0 when it never did. */
    public long heardMillis(String instanceId) {
        return heard.getOrDefault(instanceId, 0L);
    }

    /**
     * Filters the instances whose agent {@linkplain Abilities#reports reports} and whose host has another live JVM, at whatever
     * server.
     *
     * @return when each of them was last seen by any server, by id
     */
    public Map<String, Long> besideLiveJvms(Collection<String> instanceIds) {
        Map<String, Instance> asked = new HashMap<>();
        for (Instance instance :
                inBatches(instanceIds, (tx, some) -> tx.instances().byIds(some))) {
            if (instance.abilities().reports() && !Place.of(instance).host().isEmpty()) {
                asked.put(instance.id(), instance);
            }
        }
        Map<String, Set<String>> liveJvms = new HashMap<>();
        asked.values().forEach(each -> liveJvms.put(Place.of(each).host(), new HashSet<>()));
        long since = clock.millis() - LIVE.toMillis();
        inBatches(liveJvms.keySet(), (tx, some) -> tx.instances().onHosts(some, since)).stream()
                .filter(this::isLive)
                .map(Place::of)
                .forEach(place -> liveJvms.get(place.host()).add(place.jvm()));
        Map<String, Long> beside = new HashMap<>();
        asked.forEach((id, instance) -> {
            Place place = Place.of(instance);
            if (!liveJvms.get(place.host()).stream().allMatch(place.jvm()::equals)) {
                beside.put(id, lastSeenMillis(instance));
            }
        });
        return beside;
    }

    private List<Instance> inBatches(
            Collection<String> keys, BiFunction<Store.Tx, List<String>, List<Instance>> question) {
        List<String> all = List.copyOf(keys);
        List<Instance> found = new ArrayList<>();
        for (int done = 0; done < all.size(); done += BATCH) {
            List<String> some = all.subList(done, Math.min(all.size(), done + BATCH));
            found.addAll(store.read(tx -> question.apply(tx, some)));
        }
        return found;
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
