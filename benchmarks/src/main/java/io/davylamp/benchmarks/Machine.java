package io.davylamp.benchmarks;

import java.lang.management.ManagementFactory;

/** Describes the machine on which figures were measured. */
final class Machine {
    private Machine() {}

    static String text() {
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors";
    }

    static void print(String... arguments) {
        System.out.printf(
                "%s; %s; %s %s; flags %s%n",
                String.join(" ", arguments),
                text(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    }
}
