package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** davy attach brings the agent into JVMs behind the walls that containers have; bwrap makes these walls. */
class AttachInContainersTest {
    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    /** Another root that is read-only, in which the agent's jar is missing; /tmp is its own. */
    private static List<String> container(String... more) {
        List<String> bwrap = new ArrayList<>(List.of("bwrap", "--ro-bind", "/", "/", "--tmpfs", "/tmp"));
        bwrap.addAll(List.of("--ro-bind", Rig.ROOT.toString(), Rig.ROOT.toString()));
        bwrap.addAll(List.of("--tmpfs", Rig.HOME.resolve("agent").toString()));
        bwrap.addAll(List.of("--dev", "/dev", "--proc", "/proc", "--chdir", "/"));
        bwrap.addAll(List.of(more));
        return bwrap;
    }

    static Stream<List<String>> walls() {
        return Stream.of(
                // As an ephemeral container sees the container that it looks at: all processes, other files.
                container(),
                // As the host sees a container.
                container("--unshare-pid", "--unshare-ipc"),
                container("--unshare-pid", "--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"));
    }

    private static long jvm(HostJvm host) {
        return ProcessHandle.of(host.pid())
                .orElseThrow()
                .descendants()
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private Rig.Ran attach(HostJvm host) throws IOException, InterruptedException {
        return rig.davy(
                "attach",
                String.valueOf(jvm(host)),
                "--service",
                "shop",
                "--instance",
                "shop-1",
                "--to",
                "127.0.0.1:" + rig.agentPort);
    }

    @ParameterizedTest
    @MethodSource("walls")
    void theAgentComesIntoAJvmAmongOtherFiles(List<String> walls) throws Exception {
        rig.startServer();
        try (HostJvm host = HostJvm.plan(rig, "bare")
                .prefix(walls.toArray(String[]::new))
                .start()
                .awaitReady()) {
            Rig.Ran attached = attach(host);
            assertThat(attached.exitCode()).as(attached.out() + attached.err()).isZero();
            assertThat(attached.out()).contains("connected to 127.0.0.1:" + rig.agentPort);

            rig.awaitInstance("shop", "shop-1");
            rig.awaitState(rig.createTask("shop", "[\"shop-1\"]", 1, "[\"cpu\"]", "{}"), "READY");

            assertThat(rig.davy("detach", String.valueOf(jvm(host))).out()).contains("detached");
            assertThat(host.exit().replaceAll("WARNING: [^\n]*\n", "")).isEqualTo("exit 0");
        }
    }

    /** JVMs listen in /tmp; the signal that asks them to would make this one print all its threads. */
    @Test
    void aJvmWithoutATemporaryFolderIsLeftAlone() throws Exception {
        List<String> walls = container();
        walls.addAll(List.of("--remount-ro", "/tmp"));
        try (HostJvm host = HostJvm.plan(rig, "bare")
                .prefix(walls.toArray(String[]::new))
                .jvm("-XX:-UsePerfData", "-Dhost.idle=true")
                .start()
                .awaitReady()) {
            Rig.Ran attached = attach(host);

            assertThat(attached.exitCode()).isEqualTo(1);
            assertThat(attached.err()).contains("has no /tmp that can be written to", "emptyDir", "-javaagent");
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }
}
