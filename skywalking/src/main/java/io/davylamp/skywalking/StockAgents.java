package io.davylamp.skywalking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.KeyStringValuePair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SkyWalking's agents as they are known now. Such an agent cannot be told anything, it only finds commands in replies to its own
 * calls; and it says nothing of a task but the creation time of the last command that it accepted. Each of its calls may reach another
 * server: what one call says and another needs is in the row of the instance, which is read before anything is decided by it.
 * Thread-safe.
 */
final class StockAgents implements Changes.Listener {
    /** Events and options that came after async-profiler 3.0, which these agents bring. */
    private static final Map<String, String> AFTER_3_0 = Stream.of(
                    "nativemem", "nofree", "nativelock", "trace", "memlimit")
            .collect(Collectors.toMap(word -> word, word -> "its agent brings an older profiler"));

    /** An agent calls every second, and polls every 20 s. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private static final int POLLS_PER_SECOND = 20;
    /** After a recording has come, the agent needs a moment until it takes the next command: it would drop it unseen. */
    private static final long SETTLE_MILLIS = 2_000;

    /** The properties of an agent that identify the life of its JVM. */
    private static final List<String> LIFE_PROPERTIES = List.of("Process No.", "Start Time");

    /** The words that all of Davylamp has for some of them; they stand beside SkyWalking's own. */
    static final Map<String, String> OUR_WORDS = Map.of("hostname", "host", "Process No.", "pid");

    /** A property whose key begins so is a label: SkyWalking's agents have none, but a setting for any properties. */
    private static final String LABEL = "label.";

    /** Begins what stands in place of a connection's name in the rows of these agents. */
    private static final String WORDS = "skywalking/";

    private static final int MAX_EVENT = 64;

    private final Instances instances;
    private final StockOffers offers;
    private final Clock clock;
    private final Refusals refusals;
    private final Abilities abilities;
    private final Cache<Key, StockAgent> agents;
    private final Cache<String, StockAgent> byInstance =
            Caffeine.newBuilder().weakValues().build();

    private record Key(String service, String instance) {}

    /** One agent; all that is written is guarded by itself, the volatile fields may be read by all. */
    private static final class StockAgent {
        final String service;
        final String name;
        /** Empty while its row is to be written. */
        volatile String instanceId = "";

        String life = "";
        Map<String, String> properties = Map.of();
        /** Whether the JVM also has a Davylamp agent, which is then used instead. */
        volatile boolean ours;
        /** Whether it asked for commands in this life: one that never does has profiling switched off. */
        volatile boolean polled;
        /** Whether there may be something to offer. */
        volatile boolean work = true;
        /** Whether the database may hold anything of it that goes on: most of the time it does not, and need not be asked. */
        volatile boolean concerned = true;

        /** Whether a call notes that it is there right now, which may wait for the store. */
        volatile boolean attended;

        volatile long busyUntilMillis;
        long acceptedMillis = -1;
        long polledMillis;
        /** In the second of {@link #polledMillis}. */
        int polls;

        String startEvent = "";

        StockAgent(Key key) {
            this.service = key.service;
            this.name = key.instance;
        }
    }

    StockAgents(Instances instances, StockOffers offers, Clock clock, Refusals refusals, Abilities abilities) {
        this.instances = instances;
        this.offers = offers;
        this.clock = clock;
        this.refusals = refusals;
        this.abilities = abilities;
        this.agents = Caffeine.newBuilder()
                .expireAfterAccess(FORGOTTEN)
                .maximumSize(100_000)
                .build();
    }

    /**
     * The abilities that all of these agents have.
     *
     * @param profiling whether they get tasks at all
     * @param maxDuration longest time that they profile
     */
    static Abilities abilities(boolean profiling, Duration maxDuration) {
        Map<String, String> lacks = new TreeMap<>(AFTER_3_0);
        if (!profiling) {
            for (ProfilerEvent event : ProfilerEvent.values()) {
                lacks.put(
                        event.word(),
                        "this server gives no tasks to SkyWalking's agents (setting skywalking.profiling is false)");
            }
        }
        return new Abilities(false, lacks, Map.of(), (int) maxDuration.toSeconds());
    }

    /** Agents that were heard of lately. */
    long known() {
        return agents.estimatedSize();
    }

    @Override
    public void work(String instanceId) {
        StockAgent agent = byInstance.getIfPresent(instanceId);
        if (agent != null) {
            agent.concerned = true;
            agent.work = true;
        }
    }

    /**
     * The agent is there, if that can be noted without waiting for anything: nearly always.
     *
     * @return false if nothing was noted and {@link #alive} is to be called, on a thread that may wait
     */
    boolean aliveAtOnce(Principal who, String service, String instance) {
        StockAgent agent = agents.getIfPresent(key(service, instance));
        if (agent == null || !who.speaksFor(agent.service)) {
            return false;
        }
        if (agent.attended) {
            return true;
        }
        if (agent.instanceId.isEmpty() || mayOffer(agent)) {
            return false;
        }
        if (!agent.ours) {
            instances.seen(agent.instanceId);
        }
        return true;
    }

    private boolean mayOffer(StockAgent agent) {
        return agent.work && agent.polled && !agent.ours && clock.millis() >= agent.busyUntilMillis;
    }

    /**
     * The agent is there; its call can carry a command.
     *
     * @throws io.davylamp.core.instance.InvalidInstanceException if it cannot have that name
     */
    Optional<Offers.Offer> alive(Principal who, String service, String instance) {
        StockAgent agent = agent(who, service, instance);
        // A burst of calls of one agent must not take a thread each, all of which wait for the first.
        if (agent.attended) {
            return Optional.empty();
        }
        synchronized (agent) {
            agent.attended = true;
            try {
                requireRead(agent);
                requireStored(agent);
                return offer(agent);
            } finally {
                agent.attended = false;
            }
        }
    }

    /**
     * The agent asks for commands.
     *
     * @param acceptedMillis creation time of the last command that it has accepted since its JVM started; -1 for none
     */
    Optional<Offers.Offer> poll(Principal who, String service, String instance, long acceptedMillis) {
        StockAgent agent = agent(who, service, instance);
        synchronized (agent) {
            boolean isRead = requireRead(agent);
            long now = clock.millis();
            agent.polls = now / 1_000 == agent.polledMillis / 1_000 ? agent.polls + 1 : 1;
            agent.polledMillis = now;
            if (agent.polls > POLLS_PER_SECOND) {
                refusals.note(Refusals.Reason.FLOOD, "instance " + instance + " of " + service + " polls too often");
                return Optional.empty();
            }
            boolean looks = !isRead && (agent.concerned || !agent.polled || acceptedMillis != agent.acceptedMillis);
            if (agent.ours || looks && isTakenOver(agent)) {
                return Optional.empty();
            }
            if (acceptedMillis < agent.acceptedMillis) {
                newLife(agent, UUID.randomUUID().toString());
            }
            if (!agent.polled || acceptedMillis != agent.acceptedMillis) {
                agent.acceptedMillis = acceptedMillis;
                agent.polled = true;
                store(agent);
            }
            requireStored(agent);
            if (agent.ours || !agent.concerned) {
                return Optional.empty();
            }
            agent.concerned = false; // first: what is created meanwhile sets it again
            agent.work = false;
            if (!offers.concerns(agent.instanceId)) {
                return Optional.empty();
            }
            Optional<Offers.Offer> again = offers.acknowledge(agent.instanceId, agent.life, acceptedMillis);
            agent.work = true;
            Optional<Offers.Offer> next = again.isPresent() ? again : offer(agent);
            agent.concerned |= offers.hasWork(agent.instanceId);
            return next;
        }
    }

    private Optional<Offers.Offer> offer(StockAgent agent) {
        if (!mayOffer(agent) || isTakenOver(agent)) {
            return Optional.empty();
        }
        long now = clock.millis();
        if (offers.hasEndedSince(agent.instanceId, now - SETTLE_MILLIS)) {
            agent.busyUntilMillis = now + SETTLE_MILLIS; // another server heard the end
            return Optional.empty();
        }
        // First: what is created while we look sets it again.
        agent.work = false;
        return offers.next(agent.instanceId, agent.life, agent.acceptedMillis);
    }

    /** The agent says what it runs on. */
    void describe(Principal who, InstanceProperties said) {
        StockAgent agent = agent(who, said.getService(), said.getServiceInstance());
        Map<String, String> properties = new TreeMap<>();
        List<String> addresses = new ArrayList<>();
        for (KeyStringValuePair property : said.getPropertiesList()) {
            if (property.getKey().equals("ipv4")) {
                addresses.add(property.getValue());
            } else {
                properties.put(property.getKey(), property.getValue());
            }
        }
        OUR_WORDS.forEach((theirs, ours) -> {
            if (properties.containsKey(theirs)) {
                properties.put(ours, properties.get(theirs));
            }
        });
        if (!addresses.isEmpty()) {
            properties.put("ipv4s", String.join(",", addresses));
        }
        synchronized (agent) {
            boolean isRead = requireRead(agent);
            if (agent.ours || !isRead && isTakenOver(agent)) {
                return;
            }
            boolean restarted = LIFE_PROPERTIES.stream()
                    .anyMatch(name -> agent.properties.containsKey(name)
                            && properties.containsKey(name)
                            && !properties.get(name).equals(agent.properties.get(name)));
            boolean isNew = !properties.equals(agent.properties);
            agent.properties = properties;
            if (restarted) {
                newLife(agent, UUID.randomUUID().toString());
            } else if (isNew) {
                store(agent);
            } else {
                requireStored(agent);
            }
        }
    }

    /**
     * The agent's JVM started.
     *
     * @param event the same for all that is said of one start
     * @param startMillis when, by the agent's clock
     */
    void started(Principal who, String service, String instance, String event, long startMillis) {
        StockAgent agent = agent(who, service, instance);
        synchronized (agent) {
            boolean isRead = requireRead(agent);
            String named = event.length() <= MAX_EVENT ? event : event.substring(0, MAX_EVENT);
            boolean looks = !isRead && !named.equals(agent.startEvent);
            if (agent.ours || looks && isTakenOver(agent)) {
                return;
            }
            // The first that we hear of may be old: agents say it again after a reconnect.
            boolean restarted = agent.startEvent.isEmpty()
                    ? startMillis > agent.polledMillis && agent.polledMillis > 0
                    : !agent.startEvent.equals(named);
            boolean isNew = !agent.startEvent.equals(named);
            agent.startEvent = named;
            if (restarted) {
                newLife(agent, named);
            } else if (isNew) {
                store(agent);
            } else {
                requireStored(agent);
            }
        }
    }

    /** The agent has ended what it did for us, as far as it shows. */
    void settles(String service, String instance) {
        StockAgent agent = agents.getIfPresent(key(service, instance));
        if (agent != null) {
            agent.busyUntilMillis = clock.millis() + SETTLE_MILLIS;
        }
    }

    private static Key key(String service, String instance) {
        return new Key(SkyWalkingIds.named(service), SkyWalkingIds.named(instance));
    }

    /** @throws InvalidInstanceException if its token is not for the service, before anything of it is noted */
    private StockAgent agent(Principal who, String service, String instance) {
        Instances.requireSpeaksFor(who, SkyWalkingIds.named(service));
        return agents.get(key(service, instance), StockAgent::new);
    }

    /**
     * Reads what the store has of an agent that this server does not know, or for which ours spoke: thousands come at once when a
     * server starts, so a row that says already what is to be said is not written.
     *
     * @return whether it was read just now
     */
    private boolean requireRead(StockAgent agent) {
        if (!agent.instanceId.isEmpty() && !agent.ours) {
            instances.seen(agent.instanceId);
            return false;
        }
        // Of one that is spoken for by ours nothing is noted: only ours must keep it live, or we would never take over.
        Optional<Instance> known = instances.find(agent.service, agent.name);
        boolean ours = known.filter(instance -> instance.abilities().reports() && instances.isLive(instance))
                .isPresent();
        if (ours && !agent.ours) {
            refusals.note(
                    Refusals.Reason.NAME,
                    "instance " + agent.name + " of " + agent.service
                            + " has an agent of SkyWalking beside ours; ours is used");
        }
        agent.ours = ours;
        agent.instanceId = "";
        if (ours) {
            stored(agent, known.get());
            return true;
        }
        known.filter(instance -> !instance.abilities().reports()).ifPresent(instance -> {
            adopt(agent, instance);
            if (instance.abilities().equals(abilities) && instances.isLive(instance)) {
                stored(agent, instance);
                instances.seen(instance.id());
            }
        });
        if (agent.life.isEmpty()) {
            agent.life = UUID.randomUUID().toString();
        }
        return true;
    }

    private void requireStored(StockAgent agent) {
        if (agent.instanceId.isEmpty()) {
            store(agent);
        }
    }

    private void stored(StockAgent agent, Instance instance) {
        agent.instanceId = instance.id();
        byInstance.put(agent.instanceId, agent);
    }

    /**
     * Whether an agent of ours has said hello since: the instance and what it runs are not to be touched then. Otherwise what is
     * known of the agent is what the store has, whichever server heard it.
     */
    private boolean isTakenOver(StockAgent agent) {
        Optional<Instance> known = instances.find(agent.service, agent.name);
        agent.ours = known.filter(instance -> instance.abilities().reports()).isPresent();
        if (!agent.ours) {
            known.ifPresent(instance -> adopt(agent, instance));
        }
        return agent.ours;
    }

    private static void adopt(StockAgent agent, Instance known) {
        boolean isSameLife = known.life().equals(agent.life);
        agent.life = known.life();
        agent.properties = known.properties();
        if (known.link().startsWith(WORDS)) {
            String[] words = known.link().substring(WORDS.length()).split("/", 2);
            agent.polled = !words[0].isEmpty();
            agent.acceptedMillis = agent.polled ? Long.parseLong(words[0]) : -1;
            agent.startEvent = words[1];
        } else if (!isSameLife) {
            agent.polled = false;
            agent.acceptedMillis = -1;
        }
    }

    /** What {@link #adopt} reads: the last command that it accepted, or nothing before its first poll, and its start. */
    private static String words(StockAgent agent) {
        return WORDS + (agent.polled ? agent.acceptedMillis : "") + "/" + agent.startEvent;
    }

    private void store(StockAgent agent) {
        Instance known = instances.hello(
                Principal.SYSTEM, // whoever says it has been asked for whom they speak
                agent.service,
                agent.name,
                agent.properties,
                labels(agent.properties),
                Unable.NO,
                agent.life,
                abilities,
                words(agent),
                other -> false);
        stored(agent, known);
        // It may have said hello since we looked.
        agent.ours = known.abilities().reports();
    }

    /** Those that somebody gave the agent's setting agent.instance_properties_json for us. */
    private static Map<String, String> labels(Map<String, String> properties) {
        return properties.entrySet().stream()
                .filter(property -> property.getKey().startsWith(LABEL))
                .collect(
                        Collectors.toMap(property -> property.getKey().substring(LABEL.length()), Map.Entry::getValue));
    }

    /** Ends the assignments of the JVM's earlier life. */
    private void newLife(StockAgent agent, String life) {
        agent.life = life;
        agent.polled = false;
        agent.acceptedMillis = -1;
        agent.work = true;
        agent.concerned = true;
        store(agent);
        if (!agent.ours) {
            offers.acknowledge(agent.instanceId, agent.life, agent.acceptedMillis);
        }
    }
}
