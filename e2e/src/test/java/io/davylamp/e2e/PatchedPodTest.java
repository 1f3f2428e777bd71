package io.davylamp.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the webhook to the profile; this machine's Java stands for the pod's image. {@link Images} has the images themselves. */
class PatchedPodTest {
    @TempDir
    Path folder;

    @Test
    void aJvmOfAPatchedPodConnectsAndIsProfiled() throws Exception {
        try (Rig rig = new Rig(folder)) {
            rig.startServer();
            Path tls = PatchedPod.certificate(rig);
            PatchedPod pod =
                    PatchedPod.of(rig, List.of(Rig.HOME.resolve("bin/davy").toString(), "webhook"), tls, tls);
            pod.initArguments();
            Files.copy(Rig.HOME.resolve("agent/davylamp-agent.jar"), pod.volume.resolve("davylamp-agent.jar"));

            pod.expectProfiled(Path.of("/"), System.getProperty("java.home") + "/bin/java");
        }
    }
}
