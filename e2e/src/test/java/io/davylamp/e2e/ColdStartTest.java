package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes short commands quick, told by counting instead of by timing: {@code ./davy bench cold} times them. */
class ColdStartTest {
    /** 1,300 on Java 17 and 1,490 on 25, of which 440 are those that any program needs. */
    private static final int MOST_CLASSES = 1600;

    @TempDir
    Path folder;

    private Path recording;

    @BeforeEach
    void write() throws IOException {
        Rig.prepared();
        recording = folder.resolve("small.jfr");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of("../ui/src/demo.jfr.gz")))) {
            Files.write(recording, in.readAllBytes());
        }
    }

    private List<String> classes(String... arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("classes.log");
        Rig.Ran ran = Rig.run(
                folder,
                Map.of("DAVY_JAVA_OPTS", "-Xlog:class+load:file=" + log),
                Rig.HOME.resolve("bin/davy"),
                arguments);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return Files.readAllLines(log).stream()
                .map(line -> line.substring(line.lastIndexOf(']') + 1).strip())
                .toList();
    }

    private static void assertFew(List<String> classes) {
        assertThat(classes)
                .hasSizeLessThan(MOST_CLASSES)
                .noneMatch(name -> Stream.of(
                                "com.fasterxml.jackson.databind.",
                                "io.grpc.",
                                "io.netty.",
                                "org.slf4j.",
                                "ch.qos.logback.",
                                "picocli.CommandLine$Model$CommandSpec ",
                                "java.util.Formatter ",
                                "java.net.http.")
                        .anyMatch(name::startsWith));
    }

    @Test
    void hotMethodsOfAFileTakeFewClassesAndNoneOfTheParserOrJson() throws Exception {
        assertFew(classes("hot", recording.toString()));
    }

    @Test
    void aFlameGraphOfAFileTakesFewClassesAndNoneOfTheParserOrJson() throws Exception {
        assertFew(classes(
                "flame", recording.toString(), "-o", folder.resolve("x.html").toString()));
    }

    @Test
    void aPreparedCommandTakesItsClassesFromTheArchive() throws Exception {
        assertThat(classes("hot", recording.toString()))
                .contains("io.davylamp.cli.HotCommand source: shared objects file (top)");
    }

    @Test
    void theFirstCommandMakesAnArchiveInTheUsersCacheAndTheNextOneUsesIt() throws Exception {
        // Not prepared: the same jars in another folder.
        Path home = Files.createDirectories(folder.resolve("home"));
        for (String each : List.of("bin", "lib", "agent")) {
            copy(Rig.HOME.resolve(each), home.resolve(each));
        }
        Path cache = folder.resolve("cache");
        Map<String, String> off = new HashMap<>(Map.of("XDG_CACHE_HOME", cache.toString(), "DAVY_ARCHIVE", "off"));
        assertThat(hot(home, off).exitCode()).isZero();
        assertThat(cache).doesNotExist();

        Map<String, String> on = Map.of(
                "XDG_CACHE_HOME",
                cache.toString(),
                "DAVY_JAVA_OPTS",
                "-Xlog:class+load:file=" + folder.resolve("classes.log"));
        Rig.Ran first = hot(home, on);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(folder.resolve("classes.log")).content().contains("HotCommand source: file:");
        Rig.await().untilAsserted(() -> {
            try (Stream<Path> made = Files.list(cache.resolve("davylamp"))) {
                assertThat(made.map(Path::toString).filter(name -> name.endsWith(".jsa")))
                        .hasSize(1);
            }
        });

        Rig.Ran next = hot(home, on);
        assertThat(next.exitCode()).as(next.err()).isZero();
        assertThat(folder.resolve("classes.log")).content().contains("HotCommand source: shared objects file (top)");
        assertThat(next.out()).isEqualTo(first.out());
        assertThat(next.err()).isEqualTo(first.err());

        // What davy prepare made of other jars, or with another Java, is as if it were not there.
        Files.writeString(home.resolve("lib/davy.jsa"), "old");
        Files.writeString(home.resolve("lib/server.jsa"), "old");
        Files.writeString(home.resolve("lib/server.label"), "another Java\n");
        Rig.Ran last = hot(home, on);
        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(folder.resolve("classes.log")).content().contains("HotCommand source: shared objects file (top)");
        assertThat(last.err()).isEqualTo(first.err());
        Rig.Ran server = Rig.run(folder, Map.of(), home.resolve("bin/davy"), "server", "--help");
        assertThat(server.exitCode()).as(server.err()).isZero();
        assertThat(server.err()).contains("is not used; davy prepare makes it anew");
    }

    private Rig.Ran hot(Path home, Map<String, String> environment) throws IOException, InterruptedException {
        return Rig.run(folder, environment, home.resolve("bin/davy"), "hot", recording.toString());
    }

    /** Without archives: each jar as a link to the same file. */
    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path each :
                    files.filter(file -> !file.toString().endsWith(".jsa")).toList()) {
                Files.createLink(to.resolve(each.getFileName()), each);
            }
        }
    }
}
