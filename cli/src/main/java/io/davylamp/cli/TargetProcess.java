package io.davylamp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Linux shows of a process before attaching to it. Attaching sends SIGQUIT, which ends a process that is no JVM and
 * makes one that cannot be attached to print all its threads, several times: so what cannot work is not tried.
 *
 * <p>Sources: proc(5), namespaces(7), signal(7).
 */
final class TargetProcess {
    private static final int SIGQUIT = 3;
    private static final Pattern LIBRARY = Pattern.compile("/lib(jvm|j9vm[^/\\s]*)\\.(so|dylib)");
    private static final String DISABLED = "-XX:+DisableAttachMechanism";
    private static final String INSTEAD = "; start the JVM with -javaagent instead (docs/how-to/attach.md)";

    private final Path proc;
    private final Path ourTemporary;
    private final long pid;

    /** @param proc where proc(5) is; elsewhere in tests */
    TargetProcess(Path proc, Path ourTemporary, long pid) {
        this.proc = proc;
        this.ourTemporary = ourTemporary;
        this.pid = pid;
    }

    static TargetProcess of(long pid) {
        return new TargetProcess(Path.of("/proc"), Path.of("/tmp"), pid);
    }

    /** Returns why attaching is impossible, and what to do; empty when it may work, or when that is unknown. */
    String obstacle() {
        if (!Files.isDirectory(proc.resolve("self"))) {
            return ""; // not Linux
        }
        String status = read("status");
        if (status.isEmpty()) {
            return Files.exists(proc.resolve(String.valueOf(pid))) ? "" : "there is no process " + pid;
        }
        if (field(status, "State").startsWith("Z")) {
            return "process " + pid + " has ended (a zombie: its parent has not taken notice)";
        }
        String owner = first(field(status, "Uid"), 1);
        String us = first(field(readOwn("status"), "Uid"), 1);
        if (!us.equals("0") && !us.equals(owner)) {
            return "process " + pid + " belongs to user " + name(owner) + ", this is " + name(us)
                    + "; run davy as that user or as root";
        }
        String noJvm = noJvm(status);
        if (!noJvm.isEmpty()) {
            return noJvm;
        }
        String inside = field(status, "NSpid");
        boolean sameProcesses = inside.isEmpty() || inside.equals(String.valueOf(pid));
        Path socket = directory("root").resolve("tmp/.java_pid" + inside.substring(inside.lastIndexOf('\t') + 1));
        if (!Files.exists(socket)) {
            if ((Long.parseUnsignedLong("0" + field(status, "SigCgt"), 16) >>> (SIGQUIT - 1) & 1) == 0) {
                return "process " + pid + " does not listen for SIGQUIT (it is starting, or was started with -Xrs)"
                        + INSTEAD;
            }
            if (read("cmdline").contains(DISABLED) || read("environ").contains(DISABLED)) {
                return "the JVM " + pid + " was started with " + DISABLED + INSTEAD;
            }
        }
        return sameProcesses ? otherFiles() : "";
    }

    /** In a container the JDK finds the way by itself, where only the files are others it does not. */
    private String otherFiles() {
        Path root = directory("root");
        try {
            boolean sameRoot = !Files.isReadable(root) || Files.isSameFile(root, proc.resolve("self/root"));
            boolean sameTemporary =
                    !Files.isReadable(root.resolve("tmp")) || Files.isSameFile(root.resolve("tmp"), ourTemporary);
            if (!sameRoot) {
                return "the JVM " + pid
                        + " lives in another root directory (a chroot or a namespace of its own); run davy"
                        + " from inside it, `chroot " + root + " DAVY attach ...` with a JDK and the download there, or"
                        + INSTEAD.substring(1);
            }
            if (!sameTemporary) {
                return "the JVM " + pid
                        + " has a /tmp of its own (PrivateTmp of systemd?), where attaching happens; run davy"
                        + " there: `nsenter --target " + pid + " --mount davy attach " + pid + "`";
            }
        } catch (IOException e) {
            // Then it is not known.
        }
        return "";
    }

    private String noJvm(String status) {
        String maps = read("maps");
        Matcher library = LIBRARY.matcher(maps);
        if (maps.isEmpty()) {
            return "";
        }
        if (!library.find()) {
            return "process " + pid + " (" + field(status, "Name") + ") is no JVM";
        }
        return library.group(1).startsWith("j9")
                ? "the JVM " + pid + " is an OpenJ9, which the JDK of davy cannot attach to" + INSTEAD
                : "";
    }

    private Path directory(String name) {
        return proc.resolve(String.valueOf(pid)).resolve(name);
    }

    private String read(String file) {
        return read(directory(file));
    }

    private String readOwn(String file) {
        return read(proc.resolve("self").resolve(file));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static String field(String status, String name) {
        Matcher field =
                Pattern.compile("^" + name + ":[ \t]*(.*)$", Pattern.MULTILINE).matcher(status);
        return field.find() ? field.group(1).trim() : "";
    }

    private static String first(String fields, int at) {
        List<String> all = List.of(fields.split("\\s+"));
        return all.size() > at ? all.get(at) : all.get(0);
    }

    private String name(String uid) {
        try {
            Path users = Path.of("/etc/passwd");
            return Files.readAllLines(users).stream()
                    .map(line -> line.split(":"))
                    .filter(line -> line.length > 2 && line[2].equals(uid))
                    .map(line -> line[0])
                    .findFirst()
                    .orElse(uid);
        } catch (IOException e) {
            return uid;
        }
    }
}
