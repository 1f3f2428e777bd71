package io.davylamp.demo;

import java.io.IOException;
import java.util.List;

/**
 * A small web shop that nobody visits: a program whose hot spots are known beforehand, for the quick start and as the ground
 * truth of accuracy tests. What it does, and therefore what a profile must show:
 *
 * <ul>
 *   <li>CPU: {@link Pricing#discount} 60 %, {@link Search#rank} 30 %, {@link Template#render} 10 % of the work, counted in
 *       rounds of one and the same loop, so that the shares do not depend on clocks or on the load of the machine;
 *   <li>allocations: almost all in {@link Cart#copyItems};
 *   <li>locks: almost all waiting in {@link Stock#reserve}.
 * </ul>
 *
 * <p>Runs until it is killed, or with {@code --until-stdin-ends} until its parent goes away. It takes two thirds of a processor;
 * with {@code --calm} a tenth, with the same shares, where many run on one machine.
 */
public final class Demo {
    private static final int ROUNDS = 20_000;
    private static final int PAUSE_MILLIS = 10;
    private static final int CALM_PAUSE_MILLIS = 200;

    private Demo() {}

    public static void main(String[] arguments) throws InterruptedException, IOException {
        Stock stock = new Stock();
        int pause = List.of(arguments).contains("--calm") ? CALM_PAUSE_MILLIS : PAUSE_MILLIS;
        start("checkout", () -> checkout(pause));
        start("cart", new Cart()::keepCopying);
        start("stock-1", stock::keepReserving);
        start("stock-2", stock::keepReserving);
        if (List.of(arguments).contains("--until-stdin-ends")) {
            while (System.in.read() >= 0) {}
            Runtime.getRuntime().halt(0);
        }
        Thread.currentThread().join();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void checkout(int pauseMillis) {
        long seed = 1;
        while (true) {
            for (int i = 0; i < 100; i++) {
                seed = Pricing.discount(seed, 6 * ROUNDS);
                seed = Search.rank(seed, 3 * ROUNDS);
                seed = Template.render(seed, ROUNDS);
            }
            Pause.millis(pauseMillis);
        }
    }
}
