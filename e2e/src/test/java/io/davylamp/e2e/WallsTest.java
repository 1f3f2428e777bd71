package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents that name rooms and classes are true. */
class WallsTest {
    private static final String OURS = "io.davylamp.";
    private static final Pattern ARROW = Pattern.compile("^\\s+(\\S+)\\s+-> (\\S+)\\s+\\S.*$");

    /** From package to what it uses, read from the compiled classes; without the JDK. */
    private static Map<String, Set<String>> realArrows() throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-verbose:package", "--multi-release", "base", "--ignore-missing-deps"));
        try (Stream<Path> rooms = Files.list(Rig.ROOT)) {
            rooms.map(room -> room.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .filter(classes -> !classes.startsWith(Rig.ROOT.resolve("benchmarks")))
                    .forEach(classes -> arguments.add(classes.toString()));
        }
        StringWriter out = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        int status = jdeps.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
        assertThat(status).as(out.toString()).isZero();
        Map<String, Set<String>> arrows = new TreeMap<>();
        out.toString().lines().forEach(line -> {
            Matcher arrow = ARROW.matcher(line);
            if (arrow.matches()
                    && arrow.group(1).startsWith(OURS)
                    && !arrow.group(2).matches("(java|javax|jdk|sun)\\..*")) {
                arrows.computeIfAbsent(arrow.group(1).substring(OURS.length()), p -> new TreeSet<>())
                        .add(
                                arrow.group(2).startsWith(OURS)
                                        ? arrow.group(2).substring(OURS.length())
                                        : arrow.group(2));
            }
        });
        return arrows;
    }

    private static Map<String, Set<String>> listedArrows() throws IOException {
        Matcher block = Pattern.compile("```arrows\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Rig.ROOT.resolve("ARCHITECTURE.md")));
        assertThat(block.find()).isTrue();
        Map<String, Set<String>> arrows = new TreeMap<>();
        block.group(1).lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] sides = line.split(" -> ");
            arrows.put(sides[0], new TreeSet<>(List.of(sides[1].split(" "))));
        });
        return arrows;
    }

    private static boolean covers(String listed, String real) {
        return listed.endsWith("*") ? real.startsWith(listed.substring(0, listed.length() - 1)) : real.equals(listed);
    }

    @Test
    void theArrowsOfTheArchitectureAreThoseOfTheCode() throws IOException {
        Map<String, Set<String>> listed = listedArrows();
        Map<String, Set<String>> real = realArrows();
        Set<String> notListed = new TreeSet<>();
        Set<String> notReal = new TreeSet<>();

        real.forEach((from, targets) -> targets.stream()
                .filter(to -> listed.getOrDefault(from, Set.of()).stream().noneMatch(each -> covers(each, to)))
                .forEach(to -> notListed.add(from + " -> " + to)));
        listed.forEach((from, targets) -> targets.stream()
                .filter(to -> real.getOrDefault(from, Set.of()).stream().noneMatch(each -> covers(to, each)))
                .forEach(to -> notReal.add(from + " -> " + to)));

        assertThat(real).hasSizeGreaterThan(15);
        assertThat(notListed).as("arrows that ARCHITECTURE.md does not list").isEmpty();
        assertThat(notReal).as("arrows that do not exist").isEmpty();
    }

    @Test
    void noPackageUsesItselfThroughOthers() throws IOException {
        Map<String, Set<String>> real = realArrows();
        Set<String> inCircles = new TreeSet<>();
        for (String from : real.keySet()) {
            Set<String> reached = new TreeSet<>();
            List<String> next = new ArrayList<>(List.of(from));
            while (!next.isEmpty()) {
                for (String to : real.getOrDefault(next.remove(next.size() - 1), Set.of())) {
                    if (!to.equals(from) && real.containsKey(to) && reached.add(to)) {
                        next.add(to);
                    } else if (to.equals(from) && !reached.isEmpty()) {
                        inCircles.add(from);
                    }
                }
            }
        }

        assertThat(inCircles).isEmpty();
    }

    @Test
    void aStoreSeesValuesNeverServices() throws IOException {
        Set<String> values = Set.of(
                "core.access",
                "core.instance",
                "core.recording",
                "core.server",
                "core.signal", // names of what changed: PostgreSQL carries them to other servers
                "core.store",
                "core.task",
                "profile");
        Map<String, Set<String>> real = realArrows();
        Set<String> seen = new TreeSet<>();
        real.forEach((from, targets) -> {
            if (from.startsWith("store.") || values.contains(from)) {
                targets.stream()
                        .filter(to -> to.startsWith("core.") && !values.contains(to))
                        .forEach(to -> seen.add(from + " -> " + to));
            }
        });

        assertThat(seen).as("arrows from values and stores to services").isEmpty();
    }

    /**
     * The JDK's client (17 and 25) asks a server for an upgrade to HTTP/2 and then loses bytes of a large first answer, one time in
     * fifty: "Frame type(58) length(7497070) exceeds MAX_FRAME_SIZE".
     */
    @Test
    void noClientOfOursAsksForAnUpgradeToHttp2() throws IOException {
        try (Stream<Path> rooms = Files.list(Rig.ROOT)) {
            List<String> upgrading = new ArrayList<>();
            for (Path source : rooms.map(room -> room.resolve("src"))
                    .filter(Files::isDirectory)
                    .flatMap(WallsTest::javaBelow)
                    .toList()) {
                String text = Files.readString(source).replaceAll("\\s+", "");
                if (text.contains("newHttp" + "Client()")
                        || text.matches(".*HttpClient\\.newBuilder\\(\\)(?!\\.version).*")) {
                    upgrading.add(source.toString());
                }
            }

            assertThat(upgrading).isEmpty();
        }
    }

    private static Stream<Path> javaBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wire",
                "jfr",
                "profile",
                "core",
                "store",
                "skywalking",
                "server",
                "stock-agent",
                "ui",
                "site",
                "agent",
                "cli",
                "demo",
                "dist",
                "benchmarks",
                "e2e"
            })
    void theReadmeOfARoomNamesClassesThatExist(String room) throws IOException {
        String readme = Files.readString(Rig.ROOT.resolve(room).resolve("README.md"));
        assertThat(readme.lines().count()).isLessThanOrEqualTo(40);
        Matcher start = Pattern.compile("Start with ([^\\n]+)").matcher(readme);
        assertThat(start.find()).as("where to start reading").isTrue();
        Matcher names = Pattern.compile("`([^`]+)`").matcher(start.group(1));
        List<String> missing = new ArrayList<>();
        while (names.find()) {
            String name = names.group(1);
            String end = "/" + name.replace('.', '/');
            try (Stream<Path> files = Files.walk(Rig.ROOT.resolve(room))) {
                if (files.filter(file -> !file.toString().contains("/target/"))
                        .noneMatch(file -> file.endsWith(name)
                                || file.toString()
                                        .replaceAll("\\.(java|proto|tsx?)$", "")
                                        .endsWith(end))) {
                    missing.add(name);
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
