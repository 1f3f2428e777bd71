package io.davylamp.benchmarks;

import java.lang.management.ManagementFactory;

/** Describes the machine on which figures were measured. */
final class Machine {
    private Machine() {}

    static void print(String... arguments) {
        System.out.printf(
                "%s; %s, %d processors; %s %s; flags %s%n",
                String.join(" ", arguments),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }
}
