package io.davylamp.e2e.host;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.TreeMap;
import java.util.logging.LogManager;
import javax.management.MBeanServerFactory;

/**
 * An application that an agent must not disturb, and that tells what it sees of itself: answers each line of its input with one
 * line. Knows only the JDK, and of that no more than Java 8 has: {@code ./davy test --jdks} runs it there.
 */
public final class Host {
    /** As application servers do: sets its own before anybody else may have started logging. */
    public static final class OwnLogManager extends LogManager {}

    private Host() {}

    public static void main(String[] arguments) throws IOException {
        System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
        int busyThreads = Boolean.getBoolean("host.idle") ? 0 : 2;
        for (int i = 0; i < busyThreads; i++) {
            Thread busy = new Thread(Host::work, "host-work-" + i);
            busy.setDaemon(true);
            busy.start();
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String question; (question = in.readLine()) != null && !question.equals("exit"); ) {
            System.out.println(answer(question.split(" ")));
        }
    }

    private static final Object CONTENDED = new Object();

    /** A little of everything that can be measured. */
    private static void work() {
        try {
            Path page = Files.write(Files.createTempFile("host", ".page"), new byte[1]);
            try (FileChannel file = FileChannel.open(page)) {
                Files.delete(page);
                work(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void work(FileChannel file) throws IOException {
        byte[][] kept = new byte[16][32 << 10];
        for (int round = 0; ; round++) {
            kept[round % kept.length] = new byte[32 << 10];
            ByteBuffer outside = ByteBuffer.allocateDirect(64 << 10);
            // A new mapping always faults; memory that was freed and comes again does not.
            double sum = outside.capacity()
                    + file.map(FileChannel.MapMode.READ_ONLY, 0, 1).get();
            synchronized (CONTENDED) {
                for (int i = 0; i < 400_000; i++) {
                    sum += Math.sqrt(i);
                }
                // With the lock held: whichever thread has it not always waits for it.
                Rest.rest();
            }
            if (sum < 0) {
                throw new IllegalStateException("roots are not negative");
            }
        }
    }

    private static double descend(int levels) {
        if (levels > 0) {
            return descend(levels - 1) + levels;
        }
        double sum = 0;
        for (int i = 0; i < 2_000_000; i++) {
            sum += Math.sqrt(i);
        }
        return sum;
    }

    /** Computes below so many frames, for as long as the host lives. */
    private static void deep(int levels) {
        // Only a thread with a size of its own has a stack of more than the main thread's limit.
        Thread thread = new Thread(
                null,
                () -> {
                    while (descend(levels) > 0) {}
                },
                "deep",
                256L << 20);
        thread.setDaemon(true);
        thread.start();
    }

    /** What is seen from everywhere is allocated, however clever the compiler is. */
    static volatile byte[] kept;

    /** So many threads, one after the other; each allocates. */
    private static void crowd(int threads) {
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(
                    () -> {
                        for (int k = 0; k < 20; k++) {
                            kept = new byte[16 << 10];
                        }
                    },
                    "crowd-" + i);
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * What tests trace. In a class of its own: tracing redefines the class, and what runs in the old one without end is lost for
     * the stacks of async-profiler from then on.
     */
    private static final class Rest {
        private Rest() {}

        static void rest() {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String answer(String[] question) throws IOException {
        StringBuilder all = new StringBuilder();
        switch (question[0]) {
            case "threads":
                StringBuilder names = new StringBuilder();
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("davylamp")
                                || thread.getName().startsWith("Ok")
                                || thread.getName().startsWith("grpc"))
                        .forEach(thread -> names.append(names.length() == 0 ? "" : ",")
                                .append(thread.getName())
                                .append(thread.isDaemon() ? "" : " (no daemon)"));
                return names.toString();
            case "all-threads":
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .distinct()
                        .sorted()
                        .forEach(
                                name -> all.append(all.length() == 0 ? "" : ",").append(name));
                return all.toString();
            case "heap":
                for (int i = 0; i < 3; i++) {
                    System.gc();
                }
                return String.valueOf(Runtime.getRuntime().totalMemory()
                        - Runtime.getRuntime().freeMemory());
            case "files":
                return String.valueOf(new File("/proc/self/fd").list().length);
            case "rss":
                return Files.readAllLines(Paths.get("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .map(line -> line.replaceAll("[^0-9]", ""))
                        .findFirst()
                        .orElse("0");
            case "properties":
                return new TreeMap<>(System.getProperties()).toString().replace('\n', ' ');
            case "logging":
                return LogManager.getLogManager().getClass().getSimpleName();
            case "mbeans":
                return String.valueOf(MBeanServerFactory.findMBeanServer(null).size());
            case "deep":
                deep(Integer.parseInt(question[1]));
                return "started";
            case "crowd":
                crowd(Integer.parseInt(question[1]));
                return "ended";
            case "write":
                Files.write(Paths.get(question[1]), new byte[Integer.parseInt(question[2])]);
                return "written";
            default:
                return "?";
        }
    }
}
