package io.davylamp.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;

/**
 * Slows those who guess: after a few failures the next attempt has to wait, twice as long each time. Counted by a key, such as an
 * account or an address, by this server. Thread-safe.
 */
final class Attempts {
    /** Failures that cost nothing: people mistype. */
    private static final int FREE = 5;

    private static final int KEPT = 50_000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final Clock clock;
    private final Duration longest;
    private final Cache<String, Failures> byKey;

    private record Failures(int count, long untilMillis) {}

    /** @param longest that anybody waits: who guesses at another's account must not lock the owner out for good */
    Attempts(Clock clock, Duration longest) {
        this.clock = clock;
        this.longest = longest;
        this.byKey = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .expireAfterWrite(FORGOTTEN)
                .build();
    }

    /** Returns how long the next attempt has to wait; zero when it need not. */
    Duration due(String key) {
        Failures failures = byKey.getIfPresent(key);
        return failures == null
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, Math.min(longest.toMillis(), failures.untilMillis() - clock.millis())));
    }

    void failed(String key) {
        byKey.asMap().compute(key, (same, before) -> {
            int count = before == null ? 1 : before.count() + 1;
            long seconds = count <= FREE ? 0 : 1L << Math.min(30, count - FREE);
            return new Failures(count, clock.millis() + Math.min(longest.toMillis(), seconds * 1_000));
        });
    }

    void succeeded(String key) {
        byKey.invalidate(key);
    }
}
