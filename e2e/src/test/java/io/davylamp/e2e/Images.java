package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The images of {@code ./davy image} as a cluster starts them: the webhook in the server's image patches a pod, the agent's image
 * is its init container, and its JVM runs in the files of the server's image. Not among the tests, because the images must be made
 * before; {@code ./davy test --packages} runs it.
 */
class Images {
    private static final Path LAYOUTS = Path.of(System.getProperty("images", "dist/target/image"));
    /** Not in a folder for a test: their links lead out of it. */
    private static final Path ROOTS = Path.of("target/images").toAbsolutePath();

    private static final String JAVA = "/usr/share/davylamp/runtime/bin/java";

    @TempDir
    Path folder;

    /** What the manifest starts in the webhook's container. */
    private static List<String> command() throws IOException {
        return Files.readAllLines(Rig.ROOT.resolve("deploy/kubernetes/davylamp-webhook.yaml")).stream()
                .map(String::strip)
                .dropWhile(line -> !line.equals("command:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();
    }

    @Test
    void aPodThatTheWebhookPatchedIsProfiled() throws Exception {
        try (Rig rig = new Rig(folder)) {
            rig.startServer();
            UnpackedImage server = UnpackedImage.of(LAYOUTS.resolve("davylamp-server"), ROOTS.resolve("server"));
            UnpackedImage agent = UnpackedImage.of(LAYOUTS.resolve("davylamp-agent"), ROOTS.resolve("agent"));
            Path tls = PatchedPod.certificate(rig);
            List<String> webhook = PatchedPod.sandbox(server.root());
            webhook.addAll(List.of("--ro-bind", tls.toString(), "/tls", "--remount-ro", "/"));
            webhook.addAll(command());
            PatchedPod pod = PatchedPod.of(rig, webhook, tls, Path.of("/tls"));

            List<String> init = PatchedPod.sandbox(agent.root());
            init.addAll(List.of("--bind", pod.volume.toString(), "/davylamp", "--remount-ro", "/"));
            init.addAll(agent.entrypoint());
            init.addAll(pod.initArguments());
            Rig.Ran copied = Rig.run(
                    folder,
                    Map.of(),
                    Path.of(init.get(0)),
                    init.subList(1, init.size()).toArray(String[]::new));
            assertThat(copied.exitCode()).as(copied.err()).isZero();

            pod.expectProfiled(server.root(), JAVA);
        }
    }
}
