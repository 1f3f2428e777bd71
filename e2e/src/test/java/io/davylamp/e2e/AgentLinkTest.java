package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent finds its server through whatever lies between, and comes into a JVM and goes again without a restart. */
class AgentLinkTest {
    private static final String CPU = "[\"cpu\"]";

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

    private static Stream<Path> jdks() throws IOException {
        return HostJvm.jdks();
    }

    private void profile() throws Exception {
        rig.awaitInstance("shop", "shop-1");
        rig.awaitState(rig.createTask("shop", "[\"shop-1\"]", 1, CPU, "{}"), "READY");
    }

    private String agentLog() throws IOException {
        Path log = folder.resolve("agents/shop_shop-1/agent.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Test
    void triesTheNextServerWhenOneDoesNotAnswer() throws Exception {
        rig.startServer();
        try (HostJvm host = HostJvm.plan(rig, "shop-1")
                .agent("")
                .server("127.0.0.1:1;127.0.0.1:" + rig.agentPort)
                .start()
                .awaitReady()) {
            profile();
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void goesThroughAnHttpProxy() throws Exception {
        rig.startServer();
        try (ConnectProxy proxy = new ConnectProxy("me", "secret");
                HostJvm host = HostJvm.plan(rig, "shop-1")
                        .agent("proxy=me:secret@127.0.0.1:" + proxy.port())
                        .start()
                        .awaitReady()) {
            profile();
            assertThat(proxy.connected()).contains("127.0.0.1:" + rig.agentPort);
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void pollsWhereItIsToldTo() throws Exception {
        rig.startServer();
        try (HostJvm host =
                HostJvm.plan(rig, "shop-1").agent("protocol=poll").start().awaitReady()) {
            profile();
            String task = rig.createTask("shop", "[\"shop-1\"]", 600, CPU, "{}");
            rig.awaitSamples(task);
            rig.stopServer();
            rig.startServer();
            rig.awaitInstance("shop", "shop-1");
            assertThat(rig.davy("stop", task).exitCode()).isZero();
            rig.awaitState(task, "READY");
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void pollsWhereStreamsAreCutAgainAndAgain() throws Exception {
        rig.startServer();
        try (StallingProxy network = new StallingProxy(rig.agentPort);
                HostJvm host = HostJvm.plan(rig, "shop-1")
                        .agent("")
                        .server("127.0.0.1:" + network.port())
                        .start()
                        .awaitReady()) {
            for (int i = 1; i <= 3; i++) {
                int connections = i;
                Rig.await()
                        .until(() -> agentLog()
                                        .lines()
                                        .filter(line -> line.contains("connected to"))
                                        .count()
                                >= connections);
                network.cut();
            }
            Rig.await().until(() -> agentLog().contains("going on as POLL"));

            profile();
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream", "poll"})
    void hearsAfterACutWhatWasCancelledAndStoppedMeanwhile(String protocol) throws Exception {
        rig.startServer();
        try (StallingProxy network = new StallingProxy(rig.agentPort);
                HostJvm host = HostJvm.plan(rig, "shop-1")
                        .agent("protocol=" + protocol)
                        .server("127.0.0.1:" + network.port())
                        .start()
                        .awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String cancelled = rig.createTask("shop", "[\"shop-1\"]", 600, CPU, "{}");
            rig.awaitState(cancelled, "RUNNING");
            network.isBroken(true);
            assertThat(rig.davy("cancel", cancelled).exitCode()).isZero();
            String stopped = rig.createTask("shop", "[\"shop-1\"]", 600, CPU, "{}");
            network.isBroken(false);

            rig.awaitSamples(stopped);

            network.isBroken(true);
            assertThat(rig.davy("stop", stopped).exitCode()).isZero();
            network.isBroken(false);
            rig.awaitState(stopped, "READY");
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void speaksSkyWalkingsProtocolWhereThatIsWanted() throws Exception {
        rig.startServer();
        try (HostJvm host =
                HostJvm.plan(rig, "shop-1").agent("protocol=skywalking").start().awaitReady()) {
            profile();
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void readsItsTokenAgainWhenThatWasRotated() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        rig.startServer("--set", "agent.token=first");
        try (HostJvm host =
                HostJvm.plan(rig, "shop-1").agent("tokenFile=" + token).start().awaitReady()) {
            profile();
            rig.stopServer();
            Files.writeString(token, "second\n");
            rig.startServer("--set", "agent.token=second");

            profile();
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isAttachedToARunningJvmOnceDetachedAndAttachedAgain(Path java) throws Exception {
        rig.startServer();
        try (HostJvm host = HostJvm.plan(rig, "bare").java(java).start().awaitReady()) {
            String[] attach = {
                "attach",
                String.valueOf(host.pid()),
                "--service",
                "shop",
                "--instance",
                "shop-1",
                "--to",
                "127.0.0.1:" + rig.agentPort,
                "--set",
                "folder=" + folder.resolve("agents"),
                "--set",
                "labels=zone=a;version=1.4"
            };
            Rig.Ran first = rig.davy(attach);
            assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
            assertThat(first.out()).contains("shop-1", "connected to 127.0.0.1:" + rig.agentPort);
            profile();
            assertThat(rig.davy("instances", "shop").out()).contains("version=1.4", "zone=a");

            Rig.Ran second = rig.davy(attach);
            assertThat(second.exitCode()).isZero();
            assertThat(second.out()).contains("attached before: connected");
            assertThat(rig.davy("attach").out()).containsPattern(host.pid() + " +shop +shop-1 +connected");

            assertThat(rig.davy("detach", String.valueOf(host.pid())).out()).contains("detached");
            Rig.await().until(() -> host.ask("threads").isEmpty());
            assertThat(rig.davy("detach", String.valueOf(host.pid())).out()).contains("this JVM has no agent");

            assertThat(rig.davy(attach).exitCode()).isZero();
            profile();
            // From 21 on the JVM itself says that an agent was attached.
            assertThat(host.exit().replaceAll("WARNING: [^\n]*\n", "")).isEqualTo("exit 0");
        }
    }

    @Test
    void saysWhatIsNoJvm() throws Exception {
        Rig.Ran ran = rig.davy(
                "attach",
                String.valueOf(ProcessHandle.current().parent().orElseThrow().pid() + 1_000_000));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("cannot attach to");
    }
}
