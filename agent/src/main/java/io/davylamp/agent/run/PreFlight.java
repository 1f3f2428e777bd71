package io.davylamp.agent.run;

import io.davylamp.agent.host.AllowedOptions;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this JVM's profiler can record, found by looking and without profiling anything; what only the first try shows is {@linkplain
 * #learn learned} from it. Not thread-safe: the agent's one thread uses it.
 *
 * <p>Sources: perf_event_open(2) for the kernel's rules, capabilities(7), proc(5), the kernel's cgroup documents.
 */
public final class PreFlight {
    private static final String PERF = "perf_event_paranoid";
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int SIGPROF = 27;
    private static final Pattern OTHER_PROFILER = Pattern.compile(
            "\\S*/(lib(?:asyncProfiler|javaProfiler|ddprof|yjpagent|jprofilerti|perfagent|pyroscope)[^/\\s]*)");

    private static final Pattern LIBJVM = Pattern.compile("\\S*/libjvm\\.so", Pattern.MULTILINE);
    /** Prefixes of the functions in which async-profiler sees allocations before Java 11. */
    private static final byte[] ALLOCATES = "_ZN11AllocTracer".getBytes(StandardCharsets.US_ASCII);

    private static final String ONLY_THE_FIRST_TASK = "; the first task will show";

    private final File root;
    private final String system;
    private final Map<String, String> lacks = new LinkedHashMap<>();
    private final Map<String, String> unsure = new LinkedHashMap<>();
    private final Map<String, String> findings = new LinkedHashMap<>();

    private PreFlight(File root, String system) {
        this.root = root;
        this.system = system;
    }

    /** @param library ours, which is no other profiler */
    public static PreFlight look(File library) {
        PreFlight found = new PreFlight(new File("/"), System.getProperty("os.name", ""));
        found.look(library, System.getProperty("java.specification.version", ""));
        return found;
    }

    /**
     * What the JDK's Flight Recorder can record.
     *
     * @param why it is used
     * @param cpuTime whether it takes samples of processor time
     */
    static PreFlight ofFlightRecorder(String why, boolean cpuTime) {
        PreFlight found = new PreFlight(new File("/"), System.getProperty("os.name", ""));
        found.findings.put("profiling engine", "the JDK's Flight Recorder: " + why);
        found.findings.put("cpu engine", cpuTime ? "jfr, samples of processor time" : "jfr, execution samples");
        String only = "the JDK's Flight Recorder, which this agent uses because " + why + ", ";
        for (String event : AllowedOptions.EVENTS) {
            if (!FlightRecorderEngine.events().contains(event)) {
                found.lacks.put(
                        event,
                        only
                                + (event.equals("wall")
                                        ? "takes no samples of threads that wait"
                                        : "records cpu, alloc and lock only"));
            }
        }
        for (String option : AllowedOptions.ASYNC_PROFILER_ONLY) {
            found.lacks.put(option, only + "has no such option");
        }
        found.containerLimits();
        return found;
    }

    /** Looks at files below another root, for tests. */
    static PreFlight look(File root, String system, String java) {
        PreFlight found = new PreFlight(root, system);
        found.look(null, java);
        return found;
    }

    /** Returns the events that cannot be recorded, each with the reason. */
    public Map<String, String> lacks() {
        return lacks;
    }

    /** Returns the events that may fail, each with the reason why that is unknown; none of them is in {@link #lacks}. */
    public Map<String, String> unsure() {
        return unsure;
    }

    /** Returns findings by subject, as texts for people. */
    public Map<String, String> findings() {
        return findings;
    }

    private void look(File library, String java) {
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            String why = "perf events and CPU timers are Linux's, this is " + system;
            counters(why, AllowedOptions.HARDWARE);
            counters(why, AllowedOptions.SOFTWARE);
            lacks.put("ctimer", why);
            findings.put("cpu engine", "itimer");
            return;
        }
        perf();
        String status = read("proc/self/status");
        if (bit(status, "SigCgt", SIGPROF - 1)) {
            findings.put("another profiler", "a handler for SIGPROF is installed");
        }
        Matcher other = OTHER_PROFILER.matcher(read("proc/self/maps"));
        while (other.find()) {
            // By name: the folder may be a link.
            if (library == null || !other.group(1).equals(library.getName())) {
                findings.put("another profiler", other.group() + " is loaded");
            }
        }
        allocations(java);
        containerLimits();
    }

    /** Before Java 11 the JVM offers no samples of allocations: the profiler looks for the functions that make them. */
    private void allocations(String java) {
        Matcher libjvm = LIBJVM.matcher(read("proc/self/maps"));
        if (!java.matches("1\\.8|9|10") || !libjvm.find()) {
            return;
        }
        lacks.put("live", "allocations can be followed from Java 11 on, this is Java " + java);
        if (!contains(new File(root, libjvm.group()), ALLOCATES)) {
            String why = "on Java " + java + " allocations are seen only with the JVM's debug symbols, which "
                    + libjvm.group() + " does not have inside" + ONLY_THE_FIRST_TASK;
            unsure.put("alloc", why);
            findings.put("alloc", why);
        }
    }

    private static boolean contains(File file, byte[] sought) {
        byte[] buffer = new byte[256 << 10];
        try (InputStream in = new FileInputStream(file)) {
            int held = 0;
            for (int n; (n = in.read(buffer, held, buffer.length - held)) > 0; ) {
                int end = held + n;
                for (int i = 0; i + sought.length <= end; i++) {
                    int same = 0;
                    while (same < sought.length && buffer[i + same] == sought[same]) {
                        same++;
                    }
                    if (same == sought.length) {
                        return true;
                    }
                }
                // What is sought may lie across two pieces.
                held = Math.min(end, sought.length - 1);
                System.arraycopy(buffer, end - held, buffer, 0, held);
            }
        } catch (IOException e) {
            // Then it is not known.
        }
        return false;
    }

    private void perf() {
        String text = read("proc/sys/kernel/" + PERF).trim();
        String status = read("proc/self/status");
        boolean privileged = bit(status, "CapEff", CAP_PERFMON) || bit(status, "CapEff", CAP_SYS_ADMIN);
        boolean filtered = field(status, "Seccomp").equals("2");
        int paranoid = -1;
        try {
            paranoid = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            String why = "this kernel has no perf events";
            counters(why, AllowedOptions.HARDWARE);
            counters(why, AllowedOptions.SOFTWARE);
            findings.put("perf events", "none");
            findings.put("cpu engine", "ctimer");
            return;
        }
        boolean kernelToo = privileged || paranoid <= 1;
        if (!privileged && paranoid > 2) {
            String why = "the kernel refuses perf events (kernel." + PERF + " is " + paranoid
                    + ", and this JVM has not CAP_PERFMON)";
            counters(why, AllowedOptions.HARDWARE);
            counters(why, AllowedOptions.SOFTWARE);
            findings.put("perf events", why);
        } else if (filtered) {
            String why = "a seccomp filter is in force, as in most containers: it may refuse perf events"
                    + ONLY_THE_FIRST_TASK;
            unsure(why, AllowedOptions.HARDWARE);
            unsure(why, AllowedOptions.SOFTWARE);
            findings.put("perf events", why);
        } else {
            findings.put(
                    "perf events",
                    kernelToo ? "allowed" : "without the kernel's part (kernel." + PERF + " is " + paranoid + ")");
        }
        if (!new File(root, "sys/bus/event_source/devices").exists()) {
            String why = "this JVM sees no /sys, which would tell whether there are any" + ONLY_THE_FIRST_TASK;
            unsure(why, AllowedOptions.HARDWARE);
            findings.put("hardware counters", why);
        } else if (!hasProcessorCounters()) {
            counters(
                    "this machine shows no hardware counters (a virtual machine without a PMU?)",
                    AllowedOptions.HARDWARE);
        }
        findings.put(
                "cpu engine", kernelToo && !filtered ? "perf_events" : kernelToo ? "perf_events or ctimer" : "ctimer");
        boolean symbols =
                read("proc/sys/kernel/kptr_restrict").trim().equals("0") || bit(status, "CapEff", CAP_SYS_ADMIN);
        findings.put("kernel frames", kernelToo ? symbols ? "yes" : "no symbols (kernel.kptr_restrict)" : "no");
    }

    /** The device of the processor's counters is called cpu, on processors of two kinds cpu_core, on arm64 armv8_pmuv3_0. */
    private boolean hasProcessorCounters() {
        String[] devices = new File(root, "sys/bus/event_source/devices").list();
        for (String device : devices == null ? new String[0] : devices) {
            if (device.equals("cpu") || device.startsWith("cpu_") || device.startsWith("arm")) {
                return true;
            }
        }
        return false;
    }

    private void unsure(String why, Iterable<String> words) {
        for (String word : words) {
            if (!lacks.containsKey(word)) {
                unsure.putIfAbsent(word, why);
            }
        }
    }

    private void counters(String why, Iterable<String> words) {
        for (String word : words) {
            lacks.putIfAbsent(word, why);
            unsure.remove(word);
        }
    }

    private void containerLimits() {
        String cpu = read("sys/fs/cgroup/cpu.max").trim();
        String[] quota = cpu.split(" ");
        if (quota.length == 2 && !quota[0].equals("max")) {
            try {
                findings.put(
                        "cpu limit",
                        String.format(
                                Locale.ROOT, "%.2f", Double.parseDouble(quota[0]) / Double.parseDouble(quota[1])));
            } catch (NumberFormatException e) {
                // An unknown form is no limit that we could name.
            }
        }
        String memory = read("sys/fs/cgroup/memory.max").trim();
        if (memory.matches("[0-9]+")) {
            findings.put("memory limit", memory);
        }
    }

    /**
     * The profiler could not record something: from now on it is known.
     *
     * @return whether that is new
     */
    boolean learn(String event, String words) {
        boolean counter = AllowedOptions.HARDWARE.contains(event) || AllowedOptions.SOFTWARE.contains(event);
        boolean alloc = words.contains("No AllocTracer symbols");
        if (!(counter && words.contains("Perf events unavailable")) && !alloc) {
            return false;
        }
        boolean isNew = lacks.putIfAbsent(alloc ? "alloc" : event, words) == null;
        if (alloc) {
            lacks.putIfAbsent("live", words);
            findings.remove("alloc");
        }
        unsure.keySet().removeAll(lacks.keySet());
        if (lacks.keySet().containsAll(AllowedOptions.HARDWARE)) {
            findings.remove("hardware counters");
        }
        if (AllowedOptions.SOFTWARE.contains(event)) {
            counters(words, AllowedOptions.HARDWARE);
            counters(words, AllowedOptions.SOFTWARE);
        }
        return isNew;
    }

    /**
     * The profiler could record something: what was not known of it is known now.
     *
     * @return whether that is new
     */
    boolean confirm(String event) {
        boolean isNew = unsure.remove(event) != null;
        if (event.equals("alloc")) {
            findings.remove("alloc");
        }
        if (AllowedOptions.HARDWARE.contains(event)) {
            isNew |= unsure.keySet().removeAll(AllowedOptions.HARDWARE);
            findings.remove("hardware counters");
        }
        if (AllowedOptions.HARDWARE.contains(event) || AllowedOptions.SOFTWARE.contains(event)) {
            // No filter refuses perf events.
            isNew |= unsure.keySet().removeAll(AllowedOptions.SOFTWARE);
        }
        return isNew;
    }

    private String read(String path) {
        try {
            // Files of /proc have no length.
            return new String(Files.readAllBytes(new File(root, path).toPath()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String field(String status, String name) {
        Matcher field =
                Pattern.compile("^" + name + ":\\s*(\\S+)", Pattern.MULTILINE).matcher(status);
        return field.find() ? field.group(1) : "";
    }

    private static boolean bit(String status, String name, int bit) {
        String hex = field(status, name);
        try {
            return !hex.isEmpty() && (Long.parseUnsignedLong(hex, 16) >>> bit & 1) == 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
