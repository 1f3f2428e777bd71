package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An image of {@code ./davy image}, unpacked as an engine would. Source: OCI Image Format Specification 1.0, image-layout.md.
 *
 * @param root the folder of its files
 * @param config what its configuration says of a container
 */
record UnpackedImage(Path root, JsonNode config) {
    static UnpackedImage of(Path layout, Path root) throws Exception {
        Files.createDirectories(root.getParent());
        Rig.run(root.getParent(), Map.of(), Path.of("rm"), "-r", "-f", root.toString());
        Files.createDirectories(root);
        JsonNode index = Rig.JSON.readTree(layout.resolve("index.json").toFile());
        JsonNode manifest =
                Rig.JSON.readTree(blob(layout, index.at("/manifests/0")).toFile());
        for (JsonNode layer : manifest.get("layers")) {
            Rig.Ran unpacked = Rig.run(
                    root.getParent(),
                    Map.of(),
                    Path.of("tar"),
                    "-x",
                    "-z",
                    "-C",
                    root.toString(),
                    "-f",
                    blob(layout, layer).toString());
            assertThat(unpacked.exitCode()).as(unpacked.err()).isZero();
        }
        JsonNode config = Rig.JSON.readTree(blob(layout, manifest.get("config")).toFile());
        return new UnpackedImage(root, config.get("config"));
    }

    private static Path blob(Path layout, JsonNode descriptor) {
        return layout.resolve("blobs")
                .resolve(descriptor.get("digest").asText().replace(':', '/'))
                .toAbsolutePath();
    }

    List<String> entrypoint() {
        List<String> words = new ArrayList<>();
        config.get("Entrypoint").forEach(word -> words.add(word.asText()));
        return words;
    }
}
