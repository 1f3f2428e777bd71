package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final String SHARE = "/usr/share/davylamp";
    private static final String JAVA = SHARE + "/runtime/bin/java";

    @TempDir
    Path folder;

    @Test
    void aPodThatTheWebhookPatchedIsProfiled() throws Exception {
        try (Rig rig = new Rig(folder)) {
            rig.startServer();
            UnpackedImage server = UnpackedImage.of(LAYOUTS.resolve("davylamp-server"), folder.resolve("server"));
            UnpackedImage agent = UnpackedImage.of(LAYOUTS.resolve("davylamp-agent"), folder.resolve("agent"));
            Path tls = PatchedPod.certificate(rig);
            List<String> davy = PatchedPod.sandbox(server.root());
            davy.addAll(List.of("--ro-bind", tls.toString(), "/tls", "--remount-ro", "/"));
            davy.addAll(List.of(JAVA, "@" + SHARE + "/run/davy"));
            PatchedPod pod = PatchedPod.of(rig, davy, tls, Path.of("/tls"));

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
