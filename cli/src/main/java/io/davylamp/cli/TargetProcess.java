package io.davylamp.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process as Linux shows it, read before attaching to it. Attaching sends SIGQUIT, which ends a process that is no JVM and
 * makes one that cannot be attached to print all its threads, several times: so what cannot work is not tried.
 *
 * <p>Sources: proc(5), namespaces(7), signal(7).
 */
final class TargetProcess {
    private static final int SIGQUIT = 3;
    private static final Pattern LIBRARY = Pattern.compile("/lib(jvm|j9vm[^/\\s]*)\\.(so|dylib)");
    private static final String DISABLED = "-XX:+DisableAttachMechanism";
    private static final String INSTEAD = "; start the JVM with -javaagent instead (docs/how-to/attach.md)";
    private static final Pattern MAPPING = Pattern.compile("\\s*(\\d{1,10})\\s+(\\d{1,10})\\s+(\\d{1,10})");

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
        String stranger = stranger(status);
        if (!stranger.isEmpty()) {
            return stranger;
        }
        String noJvm = noJvm(status);
        if (!noJvm.isEmpty() || Files.exists(socket())) {
            return noJvm;
        }
        if ((Long.parseUnsignedLong("0" + field(status, "SigCgt"), 16) >>> (SIGQUIT - 1) & 1) == 0) {
            return "process " + pid + " does not listen for SIGQUIT (it is starting, or was started with -Xrs)"
                    + INSTEAD;
        }
        if (read("cmdline").contains(DISABLED) || read("environ").contains(DISABLED)) {
            return "the JVM " + pid + " was started with " + DISABLED + INSTEAD;
        }
        if (Files.isReadable(root()) && !Files.isWritable(root().resolve("tmp"))) {
            return "the JVM " + pid
                    + " has no /tmp that can be written to, where JVMs listen for those who attach; give it"
                    + " one (a tmpfs; in Kubernetes an emptyDir), or" + INSTEAD.substring(1);
        }
        return "";
    }

    /** Why it would not listen to us: JVMs take requests of their own user and group, and of root, as they see them. */
    private String stranger(String status) {
        String owner = first(field(status, "Uid"), 1);
        String group = first(field(status, "Gid"), 1);
        String ourStatus = readOwn("status");
        String us = first(field(ourStatus, "Uid"), 1);
        String ourGroup = first(field(ourStatus, "Gid"), 1);
        boolean isOwner = us.equals(owner);
        if (!us.equals("0") && !isOwner) {
            return "process " + pid + " belongs to user " + name(owner) + ", this is " + name(us)
                    + "; run davy as that user or as root (in Kubernetes: runAsUser of the ephemeral container)";
        }
        if (isOwner && !us.equals("0") && !ourGroup.equals(group)) {
            return "process " + pid + " belongs to group " + group + ", this is group " + ourGroup
                    + ", and JVMs take requests of their own user and group only; run davy with that group, such as"
                    + " `setpriv --regid " + group + " --clear-groups davy attach " + pid
                    + "` (in Kubernetes: runAsGroup of the ephemeral container)";
        }
        if (isOwner && ourGroup.equals(group)) {
            return "";
        }
        // We are root, but to a process in a user namespace of its own our root is nobody.
        Path ours = proc.resolve("self/ns/user");
        Path theirs = directory("ns/user");
        try {
            if (!Files.readSymbolicLink(ours).equals(Files.readSymbolicLink(theirs))) {
                return "the JVM " + pid
                        + " has users of its own (a user namespace), to which root is nobody; run davy as"
                        + " its user: `" + asItsUser(owner, group) + " davy attach " + pid + "`";
            }
        } catch (IOException e) {
            if (Files.exists(theirs, LinkOption.NOFOLLOW_LINKS)) {
                return "root may not look into process " + pid
                        + " (the capability SYS_PTRACE is missing); run davy as its"
                        + " user " + owner + " and group " + group
                        + ", or with that capability (in Kubernetes: runAsUser"
                        + " and runAsGroup of the ephemeral container, or kubectl debug --profile=general)";
            }
        }
        return "";
    }

    /**
     * The command that takes on the user and group of a process in another user namespace. Who made the namespace may look into it
     * from outside; others have to enter it. One who is not root makes only such as do not let groups be changed.
     */
    private String asItsUser(String owner, String group) {
        if (read("setgroups").trim().equals("deny")) {
            return "setpriv --reuid " + owner + " --regid " + group + " --clear-groups";
        }
        return "nsenter --target " + pid + " --user --setuid " + inside("uid_map", owner) + " --setgid "
                + inside("gid_map", group);
    }

    /** An id as the process sees it. */
    private String inside(String map, String outside) {
        for (String line : read(map).split("\n")) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long difference = Long.parseLong(outside) - Long.parseLong(mapping.group(2));
                if (difference >= 0 && difference < Long.parseLong(mapping.group(3))) {
                    return String.valueOf(Long.parseLong(mapping.group(1)) + difference);
                }
            }
        }
        return outside;
    }

    long pid() {
        return pid;
    }

    /** Its id in the innermost process namespace that it is in. */
    String insidePid() {
        String inside = field(read("status"), "NSpid");
        return inside.isEmpty() ? String.valueOf(pid) : inside.substring(inside.lastIndexOf('\t') + 1);
    }

    /** Its root directory, as we can open it. */
    Path root() {
        return directory("root");
    }

    /** Where it listens for those who attach. */
    Path socket() {
        return root().resolve("tmp/.java_pid" + insidePid());
    }

    /** Whether it has another root directory than we, or another /tmp: then the JDK may not find its socket, nor it our files. */
    boolean isElsewhere() {
        Path root = root();
        try {
            return Files.isReadable(root) && !Files.isSameFile(root, proc.resolve("self/root"))
                    || Files.isReadable(root.resolve("tmp")) && !Files.isSameFile(root.resolve("tmp"), ourTemporary);
        } catch (IOException e) {
            return false; // Then it is not known.
        }
    }

    /** Whether an absolute path leads it to the same file as us, and its user may read that. */
    boolean reads(Path file) {
        try {
            Path there = root().resolve(file.toString().substring(1));
            if (Files.isReadable(root()) && !(Files.exists(there) && Files.isSameFile(there, file))) {
                return false;
            }
            String owner = first(field(read("status"), "Uid"), 1);
            if (owner.isEmpty() || owner.equals("0") || owner.equals(first(field(readOwn("status"), "Uid"), 1))) {
                return true;
            }
            for (Path each = file.toRealPath(); each != null; each = each.getParent()) {
                PosixFilePermission needed =
                        Files.isDirectory(each) ? PosixFilePermission.OTHERS_EXECUTE : PosixFilePermission.OTHERS_READ;
                if (!Files.getPosixFilePermissions(each).contains(needed)) {
                    return false;
                }
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return true; // Then the JVM says whether it can.
        }
    }

    /** The processes that have a JVM in them, as far as we may look; empty where there is no proc(5). */
    static List<Long> jvms() {
        List<Long> jvms = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path each : all) {
                if (LIBRARY.matcher(read(each.resolve("maps"))).find()) {
                    jvms.add(Long.parseLong(each.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Another system.
        }
        return jvms;
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
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
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
