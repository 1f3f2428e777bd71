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
    /** A question to the database takes many of them. */
    private static final int DATABASE_DELAY_MILLIS = 20;
    /** Up to more than the leases of uploads and reading. */
    private static final int FROZEN_MILLIS = 25_000;
    /** Up to one more than the calls that one finishing takes. */
    private static final int COMPLETES = 4;

    private static final double FAILING = 0.5;
    private static final long PART_BYTES = 5 << 20;

    /** What can be done. */
    enum Kind {
        SERVER_KILLED(4),
        SERVER_REPLACED(2),
        SERVER_FROZEN(1),
        DATABASE_RESTARTED(1),
        DATABASE_STOPPED(1),
        DATABASE_UNREACHABLE(1),
        DATABASE_HANGS(1),
        DATABASE_SLOW(1),
        BUCKET_ANSWERS_503(2),
        BUCKET_REFUSES_COMPLETE(2),
        BUCKET_LOSES_ANSWER_OF_COMPLETE(2),
        BUCKET_SLOW(1),
        BUCKET_HANGS(1),
        BUCKET_CUTS_WITHIN_A_PART(3),
        AGENTS_CUT(2),
        AGENTS_CUT_WITHIN_A_PART(2),
        AGENTS_SLOW(1),
        PEOPLE_CUT(1),
        PEOPLE_SLOW(1);

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
                + (step.kind().name().startsWith("SERVER")
                        ? " (" + cluster.nodes().get(step.server()).name() + ")"
                        : "");
    }

    private void apply(Step step, long endNanos) throws Exception {
        Node node = cluster.nodes().get(step.server());
        switch (step.kind()) {
            case SERVER_KILLED -> {
                node.kill();
                sleep((int) (step.amount() * SERVERS_MILLIS), endNanos);
                node.start();
            }
            case SERVER_REPLACED -> {
                if (node.isAlive()) {
                    node.stop();
                }
                node.start();
            }
            case SERVER_FROZEN -> {
                node.freeze(true);
                sleep((int) (step.amount() * FROZEN_MILLIS), endNanos);
                node.freeze(false);
            }
            case DATABASE_RESTARTED -> cluster.database().restart();
            case DATABASE_STOPPED -> {
                cluster.database().stop();
                sleep(ABSENCE_MILLIS, endNanos);
                cluster.database().start();
            }
            case DATABASE_UNREACHABLE -> {
                cluster.databaseLine().refuse(true);
                sleep(ABSENCE_MILLIS, endNanos);
                cluster.databaseLine().refuse(false);
            }
            case DATABASE_HANGS -> {
                cluster.databaseLine().swallow(true);
                sleep(ABSENCE_MILLIS, endNanos);
                cluster.databaseLine().swallow(false);
            }
            case DATABASE_SLOW -> delay(cluster.databaseLine(), DATABASE_DELAY_MILLIS, endNanos);
            case BUCKET_ANSWERS_503 -> {
                cluster.bucket().fail(step.amount() < FAILING ? 1 : FAILING);
                sleep(BUCKET_MILLIS, endNanos);
                cluster.bucket().fail(0);
            }
            case BUCKET_REFUSES_COMPLETE -> cluster.bucket().refuseCompletes(1 + (int) (step.amount() * COMPLETES));
            case BUCKET_LOSES_ANSWER_OF_COMPLETE ->
                cluster.bucket().leaveCompletesUntold(1 + (int) (step.amount() * COMPLETES));
            case BUCKET_SLOW -> delay(cluster.bucketLine(), DELAY_MILLIS, endNanos);
            case BUCKET_HANGS -> {
                cluster.bucketLine().swallow(true);
                sleep(BUCKET_MILLIS, endNanos);
                cluster.bucketLine().swallow(false);
            }
            case BUCKET_CUTS_WITHIN_A_PART -> cluster.bucketLine().cutAfter((long) (step.amount() * PART_BYTES));
            case AGENTS_CUT -> cluster.agentBalancer().cut();
            case AGENTS_CUT_WITHIN_A_PART -> cluster.agentBalancer().cutAfter((long) (step.amount() * PART_BYTES));
            case AGENTS_SLOW -> delay(cluster.agentBalancer(), DELAY_MILLIS, endNanos);
            case PEOPLE_CUT -> cluster.httpBalancer().cut();
            case PEOPLE_SLOW -> delay(cluster.httpBalancer(), DELAY_MILLIS, endNanos);
        }
    }

    private static void delay(TcpProxy line, int millis, long endNanos) throws InterruptedException {
        line.delay(millis);
        sleep(BUCKET_MILLIS, endNanos);
        line.delay(0);
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
            cluster.bucket().heal();
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
