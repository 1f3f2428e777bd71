package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.zjsonpatch.JsonPatch;
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

/** A pod that the webhook changed, and what Kubernetes then does with it, done with bwrap. */
final class PatchedPod {
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

    private final Rig rig;
    private final JsonNode pod;
    final Path volume;

    private PatchedPod(Rig rig, JsonNode pod, Path volume) {
        this.rig = rig;
        this.pod = pod;
        this.volume = volume;
    }

    /**
     * Asks a webhook, which is started for it.
     *
     * @param webhook what starts a webhook, in a sandbox maybe
     * @param tls a folder with the webhook's certificate and key
     * @param seen where the webhook sees that folder
     */
    static PatchedPod of(Rig rig, List<String> webhook, Path tls, Path seen) throws Exception {
        int port = Rig.freePort();
        List<String> command = new ArrayList<>(webhook);
        command.addAll(List.of("--host", "127.0.0.1", "--port", String.valueOf(port)));
        command.addAll(List.of("--certificate", seen.resolve("tls.crt").toString()));
        command.addAll(List.of("--key", seen.resolve("tls.key").toString()));
        command.addAll(List.of("--image", "davylamp-agent", "--server", "127.0.0.1:" + rig.agentPort));
        Process process = rig.start("webhook", Map.of(), command);
        Rig.await().until(() -> {
            if (!process.isAlive()) {
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
        process.destroy();
        assertThat(process.waitFor()).as("ended by a signal").isEqualTo(143);
        byte[] patch = Base64.getDecoder()
                .decode(Rig.JSON.readTree(answer).at("/response/patch").asText());
        JsonNode pod = JsonPatch.apply(
                Rig.JSON.readTree(patch), Rig.JSON.readTree(REVIEW).at("/request/object"));
        return new PatchedPod(rig, pod, Files.createDirectories(rig.folder.resolve("volume")));
    }

    /** Makes what the webhook proves itself with; returns its folder. */
    static Path certificate(Rig rig) throws Exception {
        Path tls = rig.folder.resolve("tls");
        Rig.Ran made = rig.davy("webhook", "certificate", tls.toString(), "localhost");
        assertThat(made.exitCode()).as(made.err()).isZero();
        return tls;
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

    /** A sandbox that sees the folders of a root, of which it can change nothing, as a user without rights. */
    static List<String> sandbox(Path root) {
        List<String> bwrap = new ArrayList<>(List.of("bwrap"));
        for (String each : List.of("usr", "etc", "lib", "lib64", "bin")) {
            Path folder = root.resolve(each);
            if (Files.isSymbolicLink(folder)) {
                bwrap.addAll(List.of("--symlink", "usr/" + each, "/" + each));
            } else if (Files.isDirectory(folder)) {
                bwrap.addAll(List.of("--ro-bind", folder.toString(), "/" + each));
            }
        }
        bwrap.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--clearenv"));
        bwrap.addAll(List.of("--unshare-user", "--uid", "10001", "--gid", "10001"));
        bwrap.addAll(List.of("--unshare-pid", "--cap-drop", "ALL", "--die-with-parent"));
        return bwrap;
    }

    /** The init container, whose program copies the jar to where its argument says. */
    List<String> initArguments() {
        JsonNode init = pod.at("/spec/initContainers/0");
        assertThat(init.get("args")).hasToString("[\"/davylamp\"]");
        assertThat(init.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/davylamp");
        return List.of(init.get("args").get(0).asText());
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

    /** Starts the JVM of the pod's container in the files of a root, and profiles it. */
    void expectProfiled(Path root, String java) throws Exception {
        JsonNode container = pod.at("/spec/containers/0");
        assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/davylamp");
        List<String> bwrap = sandbox(root);
        bwrap.addAll(List.of("--ro-bind", Rig.HOME.resolve("demo").toString(), "/app"));
        bwrap.addAll(List.of("--bind", volume.toString(), "/davylamp", "--chdir", "/"));
        environment(container).forEach((name, value) -> bwrap.addAll(List.of("--setenv", name, value)));
        // No /tmp: nothing but the volume can be written to.
        bwrap.addAll(List.of("--remount-ro", "/"));
        bwrap.addAll(List.of(java, "-Xmx64m", "-XX:+UseSerialGC", "-cp", "/app/davylamp-demo.jar"));
        bwrap.add("io.davylamp.demo.Demo");

        rig.start("pod", Map.of(), bwrap);

        JsonNode instance = rig.awaitInstance("checkout", "checkout-6d4c-x1");
        assertThat(instance.path("labels").toString())
                .contains("\"namespace\":\"shop\"", "\"node\":\"node-1\"", "\"container\":\"checkout\"");
        assertThat(rig.log("pod")).contains("-Dzone=$(ZONE) -javaagent:/davylamp/davylamp-agent.jar");
        String task = rig.createTask("checkout", "[\"checkout-6d4c-x1\"]", 2, "[\"cpu\"]", "{}");
        rig.awaitState(task, "READY");
        assertThat(rig.text("/api/v1/tasks/" + task + "/flame?format=collapsed"))
                .contains("io.davylamp.demo.");
    }
}
