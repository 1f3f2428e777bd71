package io.davylamp.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Places for what comes in from outside, of which there are only so many at a time. Whoever holds one must go on: a place that
 * brings less than a least rate is taken away, and when all are taken, one whose bytes have stopped makes room for the next.
 * Thread-safe.
 */
public final class Places {
    /** A sender that is not slow sends something in this time, and what it sent is read, also where this server is busy. */
    private static final Duration SILENT = Duration.ofSeconds(10);

    private final int places;
    private final long patienceNanos;
    private final long leastBytes;
    private final LongSupplier nanos;
    private final Set<Place> taken = new HashSet<>();

    /**
     * @param patience time over which the rate is taken
     * @param leastBytesPerSecond what a place must bring
     * @param nanos a clock that never goes back
     */
    public Places(int places, Duration patience, long leastBytesPerSecond, LongSupplier nanos) {
        this.places = places;
        this.patienceNanos = patience.toNanos();
        this.leastBytes = leastBytesPerSecond * patience.toSeconds();
        this.nanos = nanos;
    }

    /** One place. */
    public final class Place implements AutoCloseable {
        private final Runnable displaced;
        private long windowNanos = nanos.getAsLong();
        private long lastNanos = windowNanos;
        private long bytes;
        private boolean settled;
        private boolean isDisplaced;

        private Place(Runnable displaced) {
            this.displaced = displaced;
        }

        /** Notes that so many more bytes arrived. */
        public void came(long more) {
            synchronized (taken) {
                bytes += more;
                lastNanos = nanos.getAsLong();
            }
        }

        /** All has come: from here on nobody waits for the sender, and nobody takes the place away. */
        public void settle() {
            synchronized (taken) {
                settled = true;
            }
        }

        /** Whether it was taken away. */
        public boolean isDisplaced() {
            synchronized (taken) {
                return isDisplaced;
            }
        }

        private boolean isSlow(long now) {
            if (settled || now - windowNanos < patienceNanos) {
                return false;
            }
            boolean slow = bytes < leastBytes;
            windowNanos = now;
            bytes = 0;
            return slow;
        }

        private boolean isSilent(long now) {
            return !settled && now - lastNanos >= SILENT.toNanos();
        }

        @Override
        public void close() {
            synchronized (taken) {
                taken.remove(this);
            }
        }
    }

    /**
     * Takes a place, if there is one or one can be taken away.
     *
     * @param displaced called once if it is taken away later, on another thread
     */
    public Optional<Place> take(Runnable displaced) {
        List<Place> gone = new ArrayList<>();
        Optional<Place> place = Optional.empty();
        synchronized (taken) {
            long now = nanos.getAsLong();
            if (taken.size() >= places) {
                taken.stream()
                        .filter(each -> each.isSilent(now))
                        .max(Comparator.comparingLong(each -> now - each.lastNanos))
                        .ifPresent(gone::add);
                displace(gone);
            }
            if (taken.size() < places) {
                Place next = new Place(displaced);
                taken.add(next);
                place = Optional.of(next);
            }
        }
        gone.forEach(each -> each.displaced.run());
        return place;
    }

    /** Takes places away that are too slow. Called now and then. */
    public void sweep() {
        List<Place> gone = new ArrayList<>();
        synchronized (taken) {
            long now = nanos.getAsLong();
            taken.stream().filter(each -> each.isSlow(now)).forEach(gone::add);
            displace(gone);
        }
        gone.forEach(each -> each.displaced.run());
    }

    private void displace(List<Place> gone) {
        gone.forEach(each -> each.isDisplaced = true);
        gone.forEach(taken::remove);
    }
}
