package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What stands out in a profile, as sentences with a number and the words of a query that show it. Deterministic: equal profiles have
 * equal findings. All thresholds are here; docs/reference/findings.md lists them.
 */
final class Findings {
    /** Fewer samples say little of anything that is a small share. */
    static final long FEW_SAMPLES = 100;
    /** So many samples of one kind are more than chance. */
    static final long CHANCE = 10;
    /** A method is hot from this share of the whole on, by what it used itself. */
    static final double HOT_METHOD = 0.15;
    /** Of time on processors. */
    static final double GARBAGE_COLLECTION = 0.05;

    static final double COMPILATION = 0.10;
    static final double KERNEL = 0.20;
    /** Of what was recorded, the profiler's own included. */
    static final double PROFILER = 0.05;
    /** A thread stands out among so many, with so much of the whole. */
    static final int SOME_THREADS = 4;

    static final double ODD_THREAD = 0.60;
    /** An instance stands out among so many, when it has so many times the median. */
    static final int SOME_INSTANCES = 3;

    static final double ODD_INSTANCE = 2.0;
    /** One half of the time has so many times the other; recordings that are shorter change too easily. */
    static final double CHANGE = 2.0;

    static final long CHANGE_NANOS = 10_000_000_000L;
    /** Time that threads waited for locks, of the time recorded. */
    static final double CONTENTION = 0.10;

    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
    private static final List<String> GC_THREADS =
            List.of("GC Thread", "G1 ", "ParGC", "Shenandoah", "ZWorker", "ZDriver", "XWorker");
    private static final List<String> JIT_THREADS = List.of("C1 Compiler", "C2 Compiler", "JVMCI");

    /**
     * One finding.
     *
     * @param rule its name, as docs/reference/findings.md has it
     * @param text the sentence
     * @param words of a query and of the page that show it; empty when what is shown already does
     */
    record Finding(String rule, String text, Map<String, String> words) {}

    /** What the rules look at; all of one measure, with the profiler's own samples left out. */
    record Evidence(
            String measure,
            long total,
            Long samples,
            Long lengthNanos,
            Long overhead,
            List<HotMethods.Row> methods,
            long kernel,
            List<ThreadTable.Row> threads,
            Map<String, Long> instances,
            long[] cells,
            long cellNanos) {}

    private final Evidence of;
    private final List<Finding> found = new ArrayList<>();

    private Findings(Evidence of) {
        this.of = of;
    }

    /** The findings, the most important first; none of nothing. */
    static List<Finding> of(Evidence evidence) {
        Findings findings = new Findings(evidence);
        if (evidence.total() > 0 && !findings.tooFew()) {
            findings.hotMethod();
            findings.contention();
            findings.threads("gc", "Garbage collection uses", GC_THREADS, GARBAGE_COLLECTION);
            findings.threads("jit", "JIT compilation uses", JIT_THREADS, COMPILATION);
            findings.kernel();
            findings.oddThread();
            findings.oddInstance();
            findings.change();
            findings.profiler();
        }
        return List.copyOf(findings.found);
    }

    private boolean tooFew() {
        if (of.samples() == null || of.samples() >= FEW_SAMPLES) {
            return false;
        }
        add(
                "few-samples",
                "Only " + of.samples() + (of.samples() == 1 ? " sample: " : " samples: ")
                        + (of.samples() <= CHANCE
                                ? "any share may be chance"
                                : "shares below " + 100 * CHANCE / of.samples() + " % may be chance")
                        + ". Profile for longer.",
                Map.of());
        return true;
    }

    private void hotMethod() {
        of.methods().stream()
                .filter(row -> isOwn(row) && row.self() >= HOT_METHOD * of.total())
                .max((a, b) -> Long.compare(a.self(), b.self()))
                .ifPresent(row -> add(
                        "hot-method",
                        shortName(row.name()) + " uses " + percent(row.self(), of.total()) + " of " + what()
                                + " itself.",
                        Map.of("view", "method", "method", row.name())));
    }

    private static boolean isOwn(HotMethods.Row row) {
        boolean java = switch (row.kind()) {
            case INTERPRETED, JIT, INLINED, C1, UNKNOWN -> true;
            default -> false;
        };
        return java && JDK.stream().noneMatch(row.name()::startsWith);
    }

    private void contention() {
        if (of.measure().equals("lock") && of.lengthNanos() != null && of.total() >= CONTENTION * of.lengthNanos()) {
            add(
                    "contention",
                    "Threads waited " + seconds(of.total()) + " for locks in " + seconds(of.lengthNanos())
                            + " recorded.",
                    Map.of("view", "reversed"));
        }
    }

    /** Threads of the JVM that work for one purpose, known by how HotSpot calls them. */
    private void threads(String rule, String does, List<String> names, double from) {
        if (!of.measure().equals("cpu")) {
            return;
        }
        Predicate<ThreadTable.Row> is = row -> names.stream().anyMatch(row.name()::startsWith);
        long sum = of.threads().stream()
                .filter(is)
                .mapToLong(ThreadTable.Row::total)
                .sum();
        if (sum >= from * of.total()) {
            add(
                    rule,
                    does + " " + percent(sum, of.total()) + " of " + what() + ".",
                    Map.of(
                            "threads",
                            String.join(
                                    ",", names.stream().map(name -> name + "*").toList())));
        }
    }

    private void kernel() {
        if (of.measure().equals("cpu") && of.kernel() >= KERNEL * of.total()) {
            add(
                    "kernel",
                    "The kernel uses " + percent(of.kernel(), of.total()) + " of " + what() + ".",
                    Map.of("view", "reversed"));
        }
    }

    private void oddThread() {
        if (of.threads().size() >= SOME_THREADS && of.threads().get(0).total() >= ODD_THREAD * of.total()) {
            ThreadTable.Row most = of.threads().get(0);
            add(
                    "odd-thread",
                    "Thread \"" + most.name() + "\" has " + percent(most.total(), of.total()) + " of " + what() + ".",
                    Map.of("threads", most.name().replaceAll("[*?,]", "?")));
        }
    }

    private void oddInstance() {
        if (of.instances().size() < SOME_INSTANCES) {
            return;
        }
        List<Long> sorted = of.instances().values().stream().sorted().toList();
        long median = sorted.get((sorted.size() - 1) / 2);
        new TreeMap<>(of.instances())
                .entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .filter(most -> median > 0 && most.getValue() >= ODD_INSTANCE * median)
                        .ifPresent(most -> add(
                                "odd-instance",
                                "Instance " + most.getKey() + " has " + times(most.getValue(), median)
                                        + " the median of " + what() + ".",
                                Map.of("instance", most.getKey())));
    }

    private void change() {
        int cells = of.cells().length;
        if (cells < 2 || of.cellNanos() * cells < CHANGE_NANOS) {
            return;
        }
        long first = sum(0, cells / 2);
        long second = sum(cells - cells / 2, cells);
        if (Math.min(first, second) > 0 && Math.max(first, second) >= CHANGE * Math.min(first, second)) {
            boolean rose = second > first;
            long half = of.cellNanos() * (cells / 2);
            add(
                    "change",
                    (rose
                                    ? "The second half has " + times(second, first) + " the first half's "
                                    : "The first half has " + times(first, second) + " the second half's ")
                            + noun() + ".",
                    Map.of(
                            "from",
                                    seconds(rose ? of.cellNanos() * cells - half : 0)
                                            .replace(" ", ""),
                            "to", seconds(rose ? of.cellNanos() * cells : half).replace(" ", ""),
                            "base-from",
                                    seconds(rose ? 0 : of.cellNanos() * cells - half)
                                            .replace(" ", ""),
                            "base-to",
                                    seconds(rose ? half : of.cellNanos() * cells)
                                            .replace(" ", "")));
        }
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += of.cells()[i];
        }
        return sum;
    }

    private void profiler() {
        if (of.overhead() != null && of.overhead() >= PROFILER * (of.total() + of.overhead())) {
            add(
                    "profiler",
                    "The profiler itself has " + percent(of.overhead(), of.total() + of.overhead())
                            + "; a longer interval costs less.",
                    Map.of("overhead", "group"));
        }
    }

    private void add(String rule, String text, Map<String, String> words) {
        found.add(new Finding(rule, text, new TreeMap<>(words)));
    }

    private String what() {
        return switch (of.measure()) {
            case "cpu" -> "the CPU time";
            case "alloc" -> "the allocated memory";
            case "lock" -> "the waiting for locks";
            case "wall" -> "the elapsed time";
            default -> of.measure();
        };
    }

    private String noun() {
        return switch (of.measure()) {
            case "cpu" -> "CPU time";
            case "alloc" -> "allocations";
            case "lock" -> "waiting for locks";
            case "wall" -> "wall-clock time";
            default -> of.measure();
        };
    }

    /** The class and the method. */
    private static String shortName(String name) {
        int method = name.lastIndexOf('.');
        int type = name.lastIndexOf('.', method - 1);
        return name.substring(type + 1);
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    private static String times(long one, long other) {
        return String.format(Locale.ROOT, "%.1f times", (double) one / other);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /** What the kernel used itself, in a tree. */
    static long kernel(FrameTree tree) {
        long sum = 0;
        for (int i = 1; i < tree.size(); i++) {
            if (tree.kind(i) == FrameKind.KERNEL) {
                sum += tree.self(i);
            }
        }
        return sum;
    }
}
