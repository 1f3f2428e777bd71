package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The forms in which Davylamp is installed, as far as it shows without installing them: {@code ./davy test --packages} installs,
 * upgrades and purges them in empty Debians.
 */
class FormsTest {
    private static final String VERSION = read("pom.xml", "<revision>(.*)</revision>");
    private static final String EPOCH = "1700000000";

    @TempDir
    Path folder;

    private static String read(String file, String expression) {
        try {
            Matcher found = Pattern.compile(expression).matcher(Files.readString(Rig.ROOT.resolve(file)));
            assertThat(found.find()).as(expression).isTrue();
            return found.group(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        String[] arguments = List.of(command).subList(1, command.length).toArray(new String[0]);
        Rig.Ran ran = Rig.run(folder, Map.of(), Path.of(command[0]), arguments);
        assertThat(ran.exitCode())
                .as(String.join(" ", command) + "\n" + ran.err())
                .isZero();
        return ran.out();
    }

    private Path packages(String to) throws IOException, InterruptedException {
        Path packages = folder.resolve(to);
        run(Rig.ROOT.resolve("dist/deb").toString(), small().toString(), "1.2.0-rc1", EPOCH, packages.toString());
        return packages;
    }

    /** The distribution with those libraries alone that the command line starts with: packing all takes long. */
    private Path small() throws IOException {
        Path small = folder.resolve("small");
        if (Files.exists(small)) {
            return small;
        }
        Files.createDirectories(small.resolve("lib"));
        try (Stream<Path> all = Files.walk(Rig.HOME)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = Rig.HOME.relativize(file).toString();
                if (!name.startsWith("lib/") || name.matches("lib/(davylamp-(cli|profile|jfr)|picocli|jackson).*")) {
                    Files.createDirectories(small.resolve(name).getParent());
                    Files.copy(file, small.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return small;
    }

    @Test
    void theSameDistributionGivesTheSamePackagesWithSettingsThatAnUpgradeKeeps() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/dpkg-deb")),
                "dpkg-deb is not installed; no package is built from the distribution");
        Path first = packages("first");
        Path second = packages("second");

        // A version before its release sorts below it.
        Path server = first.resolve("davylamp_1.2.0~rc1_all.deb");
        Path agent = first.resolve("davylamp-agent_1.2.0~rc1_all.deb");
        assertThat(Files.mismatch(server, second.resolve(server.getFileName()))).isEqualTo(-1);
        assertThat(Files.mismatch(agent, second.resolve(agent.getFileName()))).isEqualTo(-1);
        String files = run("dpkg-deb", "--contents", server.toString());
        assertThat(files)
                .contains(
                        "./usr/bin/davy -> ../share/davylamp/bin/davy",
                        "./usr/share/davylamp/conf -> /etc/davylamp",
                        "./lib/systemd/system/davylamp.service",
                        "./usr/share/man/man1/davy-record.1.gz",
                        "./usr/share/bash-completion/completions/davy",
                        "./usr/share/doc/davylamp/NOTICE.gz",
                        "./usr/share/doc/davylamp/sbom/davylamp.cdx.json")
                .doesNotContain("server.jsa", "davylamp-agent.jar");
        assertThat(files.lines()).allMatch(line -> line.contains(" root/root "));
        assertThat(run("dpkg-deb", "--info", server.toString(), "conffiles"))
                .isEqualTo("/etc/davylamp/davylamp.yaml\n/etc/default/davylamp\n");
        assertThat(run("dpkg-deb", "--field", server.toString(), "Depends"))
                .contains("java17-runtime-headless", "davylamp-agent (= 1.2.0~rc1)");
        assertThat(run("dpkg-deb", "--contents", agent.toString()))
                .contains("./usr/share/davylamp/agent/davylamp-agent.jar");
        for (String script : List.of("postinst", "prerm", "postrm")) {
            run("sh", "-n", Rig.ROOT.resolve("dist/src/deb/" + script).toString());
        }
    }

    @Test
    void theDocumentsNameEachLibraryThatIsDeliveredWithItsLicence() throws Exception {
        JsonNode bom =
                Rig.JSON.readTree(Rig.HOME.resolve("sbom/davylamp.cdx.json").toFile());
        Set<String> components = StreamSupport.stream(bom.path("components").spliterator(), false)
                .map(each ->
                        each.path("name").asText() + "-" + each.path("version").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> unnamed = new TreeSet<>();
        try (Stream<Path> libraries = Files.list(Rig.HOME.resolve("lib"))) {
            libraries
                    .map(library -> library.getFileName().toString())
                    .filter(name -> name.endsWith(".jar") && !name.startsWith("davylamp-"))
                    // With what is for one system only behind the version.
                    .filter(name -> components.stream().noneMatch(name::startsWith))
                    .forEach(unnamed::add);
        }
        assertThat(unnamed).isEmpty();

        String notice = run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                Rig.HOME.resolve("lib") + "/*",
                Rig.ROOT.resolve("dist/src/notice/Notice.java").toString(),
                Rig.HOME.toString(),
                Rig.ROOT.resolve("dist/src/notice/rest.txt").toString());
        assertThat(Rig.ROOT.resolve("NOTICE"))
                .as("run ./davy notice, look at what changed, and commit NOTICE")
                .hasContent(notice);
    }

    @Test
    void theVersionIsInOnePlace() throws IOException {
        try (Stream<Path> modules = Files.list(Rig.ROOT)) {
            for (Path pom : modules.map(module -> module.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                assertThat(Files.readString(pom))
                        .as(pom.toString())
                        .contains("<artifactId>davylamp</artifactId>\n    <version>${revision}</version>");
            }
        }
        assertThat(Files.readString(Rig.ROOT.resolve("CHANGELOG.md"))).contains("\n## " + VERSION + ", ");
    }

    @Test
    void theLauncherPrefersTheRuntimeBesideItAndThenAJavaThatIsNewEnough() throws Exception {
        Path home = folder.resolve("a folder");
        Path davy = Files.copy(
                Rig.HOME.resolve("bin/davy"),
                Files.createDirectories(home.resolve("bin")).resolve("davy"));
        Path old = java(folder.resolve("jdk 8"), "1.8.0_412");
        Map<String, String> oldJava = Map.of("JAVA_HOME", old.toString());

        Rig.Ran withOld = Rig.run(folder, oldJava, davy, "services");
        java(home.resolve("runtime"), "17.0.15");
        Rig.Ran withRuntime = Rig.run(folder, oldJava, davy, "services");

        // The JVM of this test is below /usr/lib/jvm, or there is none and the launcher says so.
        assertThat(withOld.out()).doesNotContain("jdk 8");
        assertThat(withRuntime.err()).isEmpty();
        assertThat(withRuntime.out()).startsWith(home.resolve("runtime/bin/java") + " ");
    }

    /** A program that prints its path, in a folder that looks like a Java of a version. */
    private static Path java(Path home, String version) throws IOException {
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(program, "#!/bin/sh\necho \"$0 $*\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
