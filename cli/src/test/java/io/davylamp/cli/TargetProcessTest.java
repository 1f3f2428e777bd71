package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a process before a signal is sent to it; the files are those of proc(5). */
class TargetProcessTest {
    private static final String JVM = "Name:\tjava\nState:\tS (sleeping)\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t7\n"
            + "SigCgt:\t0000000181005ccf\n";

    @TempDir
    Path folder;

    private Path proc;
    private Path temporary;

    @BeforeEach
    void aJvmOfOurUserAmongOurFiles() throws IOException {
        proc = folder.resolve("proc");
        Path root = Files.createDirectories(folder.resolve("root"));
        temporary = Files.createDirectories(root.resolve("tmp"));
        write("self/status", "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\n");
        link("self/root", root);
        write("7/status", JVM);
        write("7/maps", "7f00-7f01 r-xp 0 fe:00 1   /usr/lib/jvm/jre/lib/server/libjvm.so\n");
        write("7/cmdline", "java\0-jar\0shop.jar\0");
        link("7/root", root);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(proc.resolve(file).getParent());
        Files.writeString(proc.resolve(file), text);
    }

    private void link(String name, Path to) throws IOException {
        Files.createDirectories(proc.resolve(name).getParent());
        Files.deleteIfExists(proc.resolve(name));
        Files.createSymbolicLink(proc.resolve(name), to);
    }

    private String obstacle() {
        return new TargetProcess(proc, temporary, 7).obstacle();
    }

    @Test
    void nothingIsInTheWayOfAJvmOfOurUserAmongOurFiles() {
        assertThat(obstacle()).isEmpty();
    }

    @Test
    void aProcessThatIsNotThereIsSaidToBe() {
        assertThat(new TargetProcess(proc, temporary, 8).obstacle()).isEqualTo("there is no process 8");
    }

    @Test
    void aZombieHasEnded() throws IOException {
        write("7/status", JVM.replace("S (sleeping)", "Z (zombie)"));

        assertThat(obstacle()).contains("has ended");
    }

    @Test
    void aJvmOfAnotherUserIsForThatUserOrRoot() throws IOException {
        write("7/status", JVM.replace("1000\t1000", "1001\t1001"));
        assertThat(obstacle()).contains("belongs to user 1001", "as that user or as root");

        write("self/status", "Uid:\t0\t0\t0\t0\n");
        assertThat(obstacle()).isEmpty();
    }

    /** SIGQUIT would end it. */
    @Test
    void aProcessThatIsNoJvmIsLeftAlone() throws IOException {
        write("7/maps", "7f00-7f01 r-xp 0 fe:00 1   /usr/bin/bash\n");

        assertThat(obstacle()).contains("process 7 (java) is no JVM");
    }

    @Test
    void anOpenJ9IsNotAttachedToFromAnotherJdk() throws IOException {
        write("7/maps", "7f00-7f01 r-xp 0 fe:00 1   /opt/semeru/lib/default/libj9vm29.so\n");

        assertThat(obstacle()).contains("OpenJ9", "-javaagent");
    }

    /** SIGQUIT would make it print all its threads. */
    @Test
    void aJvmThatCannotBeAttachedToIsLeftAlone() throws IOException {
        write("7/cmdline", "java\0-XX:+DisableAttachMechanism\0-jar\0shop.jar\0");
        assertThat(obstacle()).contains("-XX:+DisableAttachMechanism", "-javaagent");

        write("7/cmdline", "java\0-jar\0shop.jar\0");
        write("7/environ", "JAVA_TOOL_OPTIONS=-XX:+DisableAttachMechanism\0");
        assertThat(obstacle()).contains("-XX:+DisableAttachMechanism");
    }

    @Test
    void aJvmThatDoesNotListenForTheSignalIsAttachedToOnlyThroughItsSocket() throws IOException {
        write("7/status", JVM.replace("181005ccf", "181005ccb"));
        assertThat(obstacle()).contains("does not listen for SIGQUIT", "-Xrs");

        Files.createFile(temporary.resolve(".java_pid7"));
        assertThat(obstacle()).isEmpty();
    }

    private TargetProcess process() {
        return new TargetProcess(proc, temporary, 7);
    }

    @Test
    void aJvmInAnotherRootIsAttachedToThroughItsOwnFiles() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other/tmp")).getParent();
        link("7/root", other);

        assertThat(obstacle()).isEmpty();
        assertThat(process().isElsewhere()).isTrue();
        assertThat(process().socket()).isEqualTo(proc.resolve("7/root/tmp/.java_pid7"));
    }

    @Test
    void aJvmWithATemporaryFolderOfItsOwnIsAttachedToThroughIt() {
        assertThat(process().isElsewhere()).isFalse();
        assertThat(new TargetProcess(proc, folder, 7).isElsewhere()).isTrue();
        assertThat(new TargetProcess(proc, folder, 7).obstacle()).isEmpty();
    }

    /** A JVM listens in /tmp, whatever its temporary folder is. */
    @Test
    void aJvmWithoutATemporaryFolderIsGivenOne() throws IOException {
        link("7/root", Files.createDirectories(folder.resolve("bare")));

        assertThat(obstacle()).contains("no /tmp that can be written to", "an emptyDir", "-javaagent");
    }

    /** HotSpot compares both. */
    @Test
    void aJvmOfOurUserButAnotherGroupIsForThatGroup() throws IOException {
        write("self/status", "Uid:\t1000\t1000\t1000\t1000\nGid:\t0\t0\t0\t0\n");
        write("7/status", JVM + "Gid:\t1000\t1000\t1000\t1000\n");

        assertThat(obstacle()).contains("belongs to group 1000, this is group 0", "setpriv --regid 1000", "runAsGroup");
    }

    private void aJvmWithUsersOfItsOwn() throws IOException {
        write("self/status", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
        write("7/status", JVM.replaceAll("1000", "101234") + "Gid:\t100007\t100007\t100007\t100007\n");
        write("7/uid_map", "         0     100000      65536\n");
        write("7/gid_map", "         0     100000      65536\n");
        link("self/ns/user", Path.of("user:[1]"));
        link("7/ns/user", Path.of("user:[2]"));
    }

    /** Whoever made such a namespace owns it; who lives in it under another name has to enter it. */
    @Test
    void aJvmWithUsersOfItsOwnIsForItsUser() throws IOException {
        aJvmWithUsersOfItsOwn();
        write("7/setgroups", "allow\n");
        assertThat(obstacle())
                .contains(
                        "to which root is nobody", "nsenter --target 7 --user --setuid 1234 --setgid 7 davy attach 7");

        write("7/setgroups", "deny\n");
        assertThat(obstacle()).contains("setpriv --reuid 101234 --regid 100007 --clear-groups davy attach 7");

        link("7/ns/user", Path.of("user:[1]"));
        assertThat(obstacle()).isEmpty();
    }

    @Test
    void rootThatMayNotLookIntoAProcessIsToldWhatItNeeds() throws IOException {
        aJvmWithUsersOfItsOwn();
        Files.delete(proc.resolve("7/ns/user"));
        write("7/ns/user", "unreadable");

        assertThat(obstacle()).contains("SYS_PTRACE is missing", "user 101234 and group 100007", "--profile=general");
    }

    @Test
    void aFileIsReadByTheJvmOnlyWhereItIsTheSameAndOpenToItsUser() throws IOException {
        Path jar = Files.writeString(folder.resolve("agent.jar"), "ours");
        Path root = Files.createDirectories(folder.resolve("elsewhere"));
        Path theirs = root.resolve(jar.toString().substring(1));
        link("7/root", root);
        assertThat(process().reads(jar)).as("it is not there").isFalse();

        Files.createDirectories(theirs.getParent());
        Files.writeString(theirs, "another");
        assertThat(process().reads(jar)).as("another file has its name").isFalse();

        link("7/root", Path.of("/"));
        assertThat(process().reads(jar)).isTrue();

        write("7/status", JVM.replace("1000\t1000", "1001\t1001"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
        assertThat(process().reads(jar)).as("it is another user's").isFalse();
    }

    /** The JDK finds its way into containers by the process id that the JVM has inside. */
    @Test
    void aJvmInAContainerIsAttachedTo() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other/tmp")).getParent();
        link("7/root", other);
        write("7/status", JVM.replace("NSpid:\t7", "NSpid:\t7\t1"));

        assertThat(obstacle()).isEmpty();
    }

    @Test
    void whereThereIsNoProcNothingIsKnown() {
        assertThat(new TargetProcess(folder.resolve("none"), temporary, 7).obstacle())
                .isEmpty();
    }
}
