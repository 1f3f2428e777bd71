package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The host is as it would be without the agent, and the agent is as small as was promised. */
class AgentMannersTest {
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

    /** What the host prints and sees, without the agent and with it, after a task. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theHostPrintsAndSeesWhatItDoesWithoutTheAgent(Path java) throws Exception {
        String properties;
        String printed;
        try (HostJvm bare = HostJvm.plan(rig, "bare").java(java).start().awaitReady()) {
            properties = bare.ask("properties");
            assertThat(bare.ask("logging")).isEqualTo("OwnLogManager");
            printed = bare.exit();
        }
        assertThat(printed).isEqualTo("exit 0");
        rig.startServer();
        Path classes = folder.resolve("classes.log");
        try (HostJvm host = HostJvm.plan(rig, "shop-1")
                .java(java)
                .agent("")
                .jvm("-Xlog:class+load:file=" + classes)
                .start()) {
            host.awaitReady();
            rig.awaitInstance("shop", "shop-1");
            assertThat(host.ask("mbeans")).isEqualTo("0");
            String task = rig.createTask("shop", "\"all\"", 1, "[\"cpu\", \"alloc\", \"lock\"]", "{}");
            rig.awaitState(task, "READY");

            assertThat(host.ask("logging")).isEqualTo("OwnLogManager");
            assertThat(host.ask("mbeans")).isEqualTo("0");
            assertThat(withoutChance(host.ask("properties"))).isEqualTo(withoutChance(properties));
            assertThat(host.ask("threads").split(","))
                    .hasSizeLessThanOrEqualTo(4)
                    .allSatisfy(name -> assertThat(name).doesNotContain("no daemon"));
            assertThat(host.exit()).isEqualTo(printed);
            // Its default TLS context would be made of the authorities that are set now, not of those that it sets
            // later.
            assertThat(Files.readString(classes))
                    .contains("io.davylamp.agent.link.TaskLink")
                    .doesNotContain("sun.security.ssl.TrustStoreManager");
        }
    }

    /** Differs between any two JVMs. */
    private static String withoutChance(String properties) {
        return properties.replaceAll("jdk.debug=[^,]*", "").replaceAll("sun.java.command=[^,]*", "");
    }

    @Test
    void theJarIsSmallAndHasAllItsLibraries() throws Exception {
        assertThat(Files.size(HostJvm.AGENT)).isLessThanOrEqualTo(3_500_000);
        try (java.util.jar.JarFile jar = new java.util.jar.JarFile(HostJvm.AGENT.toFile())) {
            assertThat(jar.stream().map(Object::toString).filter(name -> name.endsWith(".so")))
                    .containsExactlyInAnyOrder(
                            "inside/linux-x64/libasyncProfiler.so",
                            "inside/linux-arm64/libasyncProfiler.so",
                            "inside/macos/libasyncProfiler.so");
            assertThat(jar.stream().map(Object::toString).filter(name -> name.endsWith(".class")))
                    .allMatch(name -> name.startsWith("io/davylamp/agent/boot/"))
                    .hasSizeLessThan(10);
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void anIdleAgentKeepsLessThanFourMegabytesOfHeap(Path java) throws Exception {
        long bare;
        try (HostJvm host = HostJvm.plan(rig, "bare").java(java).start().awaitReady()) {
            bare = host.askNumber("heap");
        }
        rig.startServer();
        try (HostJvm host = HostJvm.plan(rig, "shop-1").java(java).agent("").start()) {
            host.awaitReady();
            rig.awaitInstance("shop", "shop-1");

            assertThat(host.askNumber("heap") - bare).isLessThan(4 << 20);
        }
    }

    /** What the agent adds to the start is measured by a benchmark; here nobody answers, and the host must not wait for that. */
    @ParameterizedTest
    @MethodSource("jdks")
    void theHostStartsBeforeTheAgentHasAConnection(Path java) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HostJvm host = HostJvm.plan(rig, "shop-1")
                        .java(java)
                        .agent("")
                        .server("127.0.0.1:" + silent.getLocalPort())
                        .start()
                        .awaitReady()) {
            // The host runs, and only now the agent's greeting is taken; nothing ever answers it.
            assertThat(silent.accept().isConnected()).isTrue();
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    /** Classes of the names that the agent has inside; whoever loads one of them fails. */
    private static Path poisoned(Path into, List<String> names) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> sources = new ArrayList<>();
        for (String name : names) {
            String simple = name.substring(name.lastIndexOf('.') + 1);
            String text = "package " + name.substring(0, name.lastIndexOf('.')) + "; public class " + simple
                    + " { static { System.out.println(\"POISON\"); if (true) throw new Error(); } }";
            sources.add(
                    new SimpleJavaFileObject(
                            URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignore) {
                            return text;
                        }
                    });
        }
        Files.createDirectories(into);
        assertThat(compiler.getTask(null, null, null, List.of("-d", into.toString()), null, sources)
                        .call())
                .isTrue();
        return into;
    }

    @Test
    void aHostWithLibrariesOfTheSameNamesNeitherDisturbsNorIsDisturbed() throws Exception {
        Path classes = poisoned(
                folder.resolve("poison"),
                List.of(
                        "io.grpc.ManagedChannel",
                        "io.grpc.okhttp.OkHttpChannelBuilder",
                        "com.google.protobuf.ByteString",
                        "com.google.protobuf.GeneratedMessageLite",
                        "com.google.common.base.Preconditions",
                        "okio.Buffer",
                        "kotlin.Unit",
                        "one.profiler.AsyncProfiler",
                        "io.davylamp.agent.Main",
                        "io.davylamp.agent.host.AgentConfig"));
        rig.startServer();
        try (HostJvm host =
                HostJvm.plan(rig, "shop-1").agent("").classPath(classes).start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            rig.awaitState(rig.createTask("shop", "\"all\"", 1, CPU, "{}"), "READY");

            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    /** Java 17 still has security managers; this one allows the agent nothing. */
    @Test
    void aHostThatAllowsNothingIsNotDisturbed() throws Exception {
        Path policy = Files.writeString(
                folder.resolve("policy"),
                "grant codeBase \"file:" + Rig.ROOT.resolve("e2e/target/test-classes")
                        + "/-\" { permission java.security.AllPermission; };\n");
        List<String> options = Runtime.version().feature() < 24
                ? List.of("-Djava.security.manager", "-Djava.security.policy==" + policy)
                : List.of("--illegal-native-access=deny");
        try (HostJvm host = HostJvm.plan(rig, "shop-1")
                .agent("")
                .jvm(options.toArray(String[]::new))
                .start()
                .awaitReady()) {
            assertThat(host.ask("logging")).isEqualTo("OwnLogManager");
            assertThat(host.exit().replaceAll("WARNING: [^\n]*\n", "")).isEqualTo("exit 0");
        }
    }

    @Test
    void twoAgentsInOneJvmAreOne() throws Exception {
        rig.startServer();
        Path copy = Files.copy(HostJvm.AGENT, folder.resolve("another-agent.jar"));
        try (HostJvm host = HostJvm.plan(rig, "shop-1")
                .agent("")
                .jvm("-javaagent:" + copy + "=service=shop,instance=second,server=127.0.0.1:" + rig.agentPort
                        + ",folder=" + folder.resolve("agents2"))
                .start()
                .awaitReady()) {
            Rig.await()
                    .until(() -> rig.get("/api/v1/services/shop/instances")
                                    .path("instances")
                                    .size()
                            > 0);
            rig.awaitState(rig.createTask("shop", "\"all\"", 1, CPU, "{}"), "READY");

            assertThat(rig.get("/api/v1/services/shop/instances").path("instances"))
                    .hasSize(1);
            assertThat(host.ask("threads").split(",")).hasSizeLessThanOrEqualTo(4);
            assertThat(host.exit()).isEqualTo("exit 0");
        }
    }

    @Test
    void besideSkyWalkingsAgentItDoesItsWork() throws Exception {
        rig.startServer();
        Path home = Files.createDirectories(folder.resolve("skywalking"));
        Files.copy(Path.of(System.getProperty("skywalking.agent")), home.resolve("skywalking-agent.jar"));
        for (String part : List.of("config", "plugins", "activations")) {
            Files.createDirectories(home.resolve(part));
        }
        Files.writeString(home.resolve("config/agent.config"), "");
        try (HostJvm host = HostJvm.plan(rig, "shop-1")
                .agent("")
                .jvm(
                        "-javaagent:" + home.resolve("skywalking-agent.jar"),
                        "-Dskywalking.agent.service_name=shop",
                        "-Dskywalking.agent.instance_name=shop-1",
                        "-Dskywalking.collector.backend_service=127.0.0.1:" + rig.agentPort,
                        "-Dskywalking.logging.dir=" + home.resolve("logs"))
                .start()) {
            host.awaitReadyAmongOthers();
            rig.awaitInstance("shop", "shop-1");
            // Ours can do what the other cannot.
            Rig.await().untilAsserted(() -> {
                JsonNode instance = rig.instance("shop", "shop-1");
                assertThat(instance.path("maxSeconds").asInt())
                        .as(instance.toString())
                        .isEqualTo(3_600);
            });
            String task = rig.createTask("shop", "\"all\"", 1, "[\"cpu\", \"nativemem\"]", "{}");

            rig.awaitState(task, "READY");
            assertThat(rig.assignment(task).path("engine").asText()).isNotEmpty();
        }
    }

    /** What accumulates shows within a few tasks; `./davy bench soak` runs two hundred. */
    @Test
    void manyTasksLeaveNothingBehind() throws Exception {
        rig.startServer();
        try (HostJvm host = HostJvm.plan(rig, "shop-1").agent("").start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            for (int i = 0; i < 3; i++) {
                rig.awaitState(rig.createTask("shop", "\"all\"", 1, CPU, "{}"), "READY");
            }
            long heap = host.askNumber("heap");
            long files = host.askNumber("files");
            for (int i = 0; i < 10; i++) {
                rig.awaitState(rig.createTask("shop", "\"all\"", 1, "[\"cpu\", \"alloc\", \"lock\"]", "{}"), "READY");
            }

            assertThat(host.askNumber("heap") - heap).isLessThan(1 << 20);
            assertThat(host.askNumber("files") - files).isLessThanOrEqualTo(3);
            assertThat(host.ask("threads").split(",")).hasSizeLessThanOrEqualTo(4);
            try (Stream<Path> left = Files.walk(folder.resolve("agents"))) {
                assertThat(left.filter(file -> file.toString().matches(".*\\.(jfr|part|run|tmp)")))
                        .isEmpty();
            }
        }
    }
}
