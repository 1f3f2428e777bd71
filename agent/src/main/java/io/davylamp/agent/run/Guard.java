package io.davylamp.agent.run;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AllowedOptions;
import io.davylamp.agent.host.Unable;
import java.time.Clock;
import java.util.Set;

/** The agent's own limits, which hold whatever a server says. Not thread-safe: the agent's one thread uses it. */
public final class Guard {
    private static final long DAY_MILLIS = 86_400_000L;

    private final AgentConfig config;
    private final Clock clock;
    private long day;
    private long usedSeconds;

    public Guard(AgentConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** Returns why profiling is refused now; empty when it is allowed. */
    public Unable off() {
        return config.offFile.exists()
                ? Unable.because(
                        Unable.OFF, "profiling is switched off on this host: the file " + config.offFile + " exists")
                : Unable.NO;
    }

    /**
     * Looks at what a server wants.
     *
     * @throws IllegalArgumentException saying what is not allowed and what would be
     */
    void require(String options, long seconds) {
        if (!off().isEmpty()) {
            throw new IllegalArgumentException(off().reason);
        }
        Set<String> events = AllowedOptions.require(options);
        events.removeIf(event -> config.events.isEmpty() || config.events.contains(event));
        if (!events.isEmpty()) {
            throw new IllegalArgumentException("this agent is set to record " + String.join(", ", config.events)
                    + " only, not " + String.join(", ", events));
        }
        if (seconds < 1 || seconds > config.maxSeconds) {
            throw new IllegalArgumentException(
                    "the agent does not profile for " + seconds + " s; allowed are 1 to " + config.maxSeconds);
        }
        if (used() + seconds > config.quotaSeconds) {
            throw new IllegalArgumentException("this JVM was profiled for " + used() + " s today; with " + seconds
                    + " s more it would be above its quota of " + config.quotaSeconds + " s a day");
        }
    }

    /** Notes how long the JVM was profiled. */
    void use(long seconds) {
        usedSeconds = used() + seconds;
    }

    private long used() {
        long today = clock.millis() / DAY_MILLIS;
        if (today != day) {
            day = today;
            usedSeconds = 0;
        }
        return usedSeconds;
    }
}
