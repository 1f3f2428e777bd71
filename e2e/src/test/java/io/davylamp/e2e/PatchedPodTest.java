package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the webhook to the profile: what Kubernetes does with a patched pod is done here with bwrap. */
class PatchedPodTest {
    private static final String REVIEW = """
            {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {
              "uid": "705ab4f5", "kind": {"group": "", "version": "v1", "kind": "Pod"},
              "namespace": "shop", "operation": "CREATE",
              "object": {"kind": "Pod", "apiVersion": "v1",
                "metadata": {"generateName": "checkout-6d4c-",
                  "labels": {"app": "checkout", "davylamp.io/inject": "true"}},
                "spec": {"containers": [{"name": "checkout", "image": "checkout:1",
                  "env": [{"name": "JAVA_TOOL_OPTIONS", "value": "-Dzone=$(ZONE)"}, {"name": "ZONE", "value": "a"}]}]}}}}
            """;

    /** What the pod learns of itself. */
    private static final Map<String, String> FIELDS =
            Map.of("metadata.name", "checkout-6d4c-x1", "metadata.namespace", "shop", "spec.nodeName", "node-1");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

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

    private static HttpClient trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    /** Starts the webhook, and returns the pod as the API server keeps it. */
    private JsonNode patched() throws Exception {
        Path tls = folder.resolve("tls");
        Rig.Ran made = rig.davy("webhook", "certificate", tls.toString(), "localhost");
        assertThat(made.exitCode()).as(made.err()).isZero();
        int port = Rig.freePort();
        Process webhook = rig.start(
                "webhook",
                Map.of(),
                List.of(
                        Rig.HOME.resolve("bin/davy").toString(),
                        "webhook",
                        "--certificate",
                        tls.resolve("tls.crt").toString(),
                        "--key",
                        tls.resolve("tls.key").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--image",
                        "davylamp-agent",
                        "--server",
                        "127.0.0.1:" + rig.agentPort));
        Rig.await().until(() -> {
            if (!webhook.isAlive()) {
                throw new IllegalStateException("the webhook ended: " + rig.log("webhook"));
            }
            return rig.log("webhook").contains("the webhook is ready");
        });
        String answer = trusting(tls.resolve("tls.crt"))
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/inject"))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(REVIEW))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        webhook.destroy();
        assertThat(webhook.waitFor()).as("ended by a signal").isEqualTo(143);
        byte[] patch = Base64.getDecoder()
                .decode(Rig.JSON.readTree(answer).at("/response/patch").asText());
        return JsonPatch.apply(
                Rig.JSON.readTree(patch), Rig.JSON.readTree(REVIEW).at("/request/object"));
    }

    /** The variables of a container as the kubelet makes them: references reach back only. */
    private static Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : container.get("env")) {
            JsonNode field = variable.at("/valueFrom/fieldRef/fieldPath");
            String value = field.isMissingNode()
                    ? REFERENCE
                            .matcher(variable.path("value").asText())
                            .replaceAll(found ->
                                    Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group())))
                    : FIELDS.get(field.asText());
            environment.put(variable.get("name").asText(), value);
        }
        return environment;
    }

    /** What the init container does: the program of its image copies the jar to where its argument says. */
    private static void copy(JsonNode init, Path volume) throws IOException {
        assertThat(init.get("args")).hasToString("[\"/davylamp\"]");
        assertThat(init.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/davylamp");
        Files.copy(Rig.HOME.resolve("agent/davylamp-agent.jar"), volume.resolve("davylamp-agent.jar"));
    }

    @Test
    void aJvmOfAPatchedPodConnectsAndIsProfiled() throws Exception {
        rig.startServer();
        JsonNode pod = patched();
        Path volume = Files.createDirectories(folder.resolve("volume"));
        copy(pod.at("/spec/initContainers/0"), volume);
        JsonNode container = pod.at("/spec/containers/0");
        assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/davylamp");
        String java = System.getProperty("java.home");
        List<String> bwrap =
                new ArrayList<>(List.of("bwrap", "--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"));
        for (String each : List.of("lib", "lib64", "bin")) {
            if (Files.isSymbolicLink(Path.of("/", each))) {
                bwrap.addAll(List.of("--symlink", "usr/" + each, "/" + each));
            } else if (Files.isDirectory(Path.of("/", each))) {
                bwrap.addAll(List.of("--ro-bind", "/" + each, "/" + each));
            }
        }
        bwrap.addAll(List.of("--ro-bind", java, java, "--proc", "/proc", "--dev", "/dev"));
        bwrap.addAll(List.of("--ro-bind", Rig.HOME.resolve("demo").toString(), "/app"));
        bwrap.addAll(List.of("--bind", volume.toString(), "/davylamp", "--chdir", "/", "--clearenv"));
        environment(container).forEach((name, value) -> bwrap.addAll(List.of("--setenv", name, value)));
        // No /tmp: nothing but the volume can be written to.
        bwrap.addAll(List.of("--remount-ro", "/", "--unshare-user", "--uid", "1000", "--gid", "1000"));
        bwrap.addAll(List.of("--unshare-pid", "--cap-drop", "ALL", "--die-with-parent"));
        bwrap.addAll(List.of(java + "/bin/java", "-Xmx64m", "-XX:+UseSerialGC", "-cp", "/app/davylamp-demo.jar"));
        bwrap.add("io.davylamp.demo.Demo");

        rig.start("pod", Map.of(), bwrap);

        JsonNode instance = rig.awaitInstance("checkout", "checkout-6d4c-x1");
        assertThat(instance.path("labels").toString())
                .contains("\"namespace\":\"shop\"", "\"node\":\"node-1\"", "\"container\":\"checkout\"");
        assertThat(rig.log("pod")).contains("-Dzone=$(ZONE) -javaagent:/davylamp/davylamp-agent.jar");
        String task = rig.createTask("checkout", "[\"checkout-6d4c-x1\"]", 1, "[\"cpu\"]", "{}");
        rig.awaitState(task, "READY");
    }
}
