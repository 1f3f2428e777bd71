package io.davylamp.testbed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Does to a cluster, one after the other, what bad days do. The seed decides what, when and for how long. */
final class Faults {
    private static final int SERVERS_MILLIS = 4_000;
    private static final int BUCKET_MILLIS = 5_000;
    private static final int ABSENCE_MILLIS = 10_000;
    private static final int DELAY_MILLIS = 100;
    private static final double FAILING = 0.5;
    private static final long PART_BYTES = 5 << 20;

    /** What can be done. */
    enum Kind {
        SERVER_KILLED(4),
        SERVER_REPLACED(2),
        DATABASE_RESTARTED(1),
        DATABASE_AWAY(1),
        BUCKET_ANSWERS_503(2),
        BUCKET_SLOW(1),
        BUCKET_CUTS(2),
        AGENTS_CUT(3),
        AGENTS_SLOW(1),
        PEOPLE_CUT(1);

        /** How often it is chosen, beside the others. */
        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        boolean isOfStore() {
            return name().startsWith("DATABASE") || name().startsWith("BUCKET");
        }
    }

    /**
     * A step of the schedule.
     *
     * @param pauseMillis before it
     * @param server of which one, where it is about one
     * @param amount what else varies, from 0 to 1
     */
    record Step(Kind kind, int pauseMillis, int server, double amount) {}

    private final Cluster cluster;
    private final List<Step> schedule;
    private final Map<Kind, Integer> done = new TreeMap<>();
    private final long start = System.nanoTime();

    Faults(Cluster cluster, long seed, int steps) {
        this.cluster = cluster;
        this.schedule = schedule(seed, cluster.nodes().size(), cluster.isShared(), steps);
    }

    /**
     * The steps of a seed, the same each time.
     *
     * @param isShared whether something can happen to a database and a bucket
     */
    static List<Step> schedule(long seed, int servers, boolean isShared, int steps) {
        Random random = new Random(seed);
        List<Kind> urn = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < (isShared || !kind.isOfStore() ? kind.weight : 0); i++) {
                urn.add(kind);
            }
        }
        List<Step> schedule = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            schedule.add(new Step(
                    urn.get(random.nextInt(urn.size())),
                    500 + random.nextInt(3_500),
                    random.nextInt(servers),
                    random.nextDouble()));
        }
        return schedule;
    }

    /** Runs the schedule until its end or that of the time, then heals everything. */
    void run(long endNanos) throws Exception {
        try {
            for (Step step : schedule) {
                if (!sleep(step.pauseMillis(), endNanos)) {
                    return;
                }
                System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - start) / 1e9, words(step));
                done.merge(step.kind(), 1, Integer::sum);
                apply(step, endNanos);
                startTheDead();
            }
        } finally {
            heal();
        }
    }

    private String words(Step step) {
        return step.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + (step.kind() == Kind.SERVER_KILLED || step.kind() == Kind.SERVER_REPLACED
                        ? " (" + cluster.nodes().get(step.server()).name() + ")"
                        : "");
    }

    private void apply(Step step, long endNanos) throws Exception {
        switch (step.kind()) {
            case SERVER_KILLED -> {
                Node node = cluster.nodes().get(step.server());
                node.kill();
                sleep((int) (step.amount() * SERVERS_MILLIS), endNanos);
                node.start();
            }
            case SERVER_REPLACED -> {
                Node node = cluster.nodes().get(step.server());
                if (node.isAlive()) {
                    node.stop();
                }
                node.start();
            }
            case DATABASE_RESTARTED -> cluster.database().restart();
            case DATABASE_AWAY -> {
                cluster.databaseLine().refuse(true);
                sleep(ABSENCE_MILLIS, endNanos);
                cluster.databaseLine().heal();
            }
            case BUCKET_ANSWERS_503 -> {
                cluster.bucket().fail(step.amount() < FAILING ? 1 : FAILING);
                sleep(BUCKET_MILLIS, endNanos);
                cluster.bucket().fail(0);
            }
            case BUCKET_SLOW -> {
                cluster.bucketLine().delay(DELAY_MILLIS);
                sleep(BUCKET_MILLIS, endNanos);
                cluster.bucketLine().heal();
            }
            case BUCKET_CUTS -> cluster.bucketLine().cutAfter((long) (step.amount() * PART_BYTES) / 10);
            case AGENTS_CUT -> cluster.agentBalancer().cut();
            case AGENTS_SLOW -> {
                cluster.agentBalancer().delay(DELAY_MILLIS);
                sleep(BUCKET_MILLIS, endNanos);
                cluster.agentBalancer().heal();
            }
            case PEOPLE_CUT -> cluster.httpBalancer().cut();
        }
    }

    /** @return false when the time is over */
    private static boolean sleep(int millis, long endNanos) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
        TimeUnit.MILLISECONDS.sleep(Math.max(0, Math.min(millis, left)));
        return left > millis;
    }

    private void heal() throws Exception {
        if (cluster.isShared()) {
            cluster.databaseLine().heal();
            cluster.bucketLine().heal();
            cluster.bucket().fail(0);
        }
        cluster.agentBalancer().heal();
        cluster.httpBalancer().heal();
        startTheDead();
        for (Node node : cluster.nodes()) {
            cluster.awaitReady(node);
        }
    }

    /** As a service manager does: a server that finds its database away when it starts ends. */
    private void startTheDead() throws IOException {
        for (Node node : cluster.nodes()) {
            if (!node.isAlive()) {
                node.start();
            }
        }
    }

    /** How often each was done. */
    Map<Kind, Integer> done() {
        return done;
    }
}
