package io.davylamp.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page's walls, as {@code README.md} of this module states them; imports of types count as others do. */
class ImportsTest {
    /** What each folder may import besides itself; the entries beside the folders may import all of them. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "lib", Set.of(),
            "draw", Set.of("lib"),
            "api", Set.of("lib"),
            "state", Set.of("lib", "api"),
            "views", Set.of("lib", "draw", "api", "state"),
            "worker.ts", Set.of("lib"));

    private static final Pattern IMPORT =
            Pattern.compile("^(?:import|export)\\b(?:[^;\"]*\\bfrom)? *\"([^\"]+)\"", Pattern.MULTILINE);

    private final Path src = Bundled.home().resolve("src").normalize();
    private final Map<String, Set<String>> imports = new TreeMap<>();

    ImportsTest() throws IOException {
        try (Stream<Path> files = Files.walk(src)) {
            for (Path file : files.filter(each -> each.toString().matches(".*\\.tsx?"))
                    .filter(each -> !each.startsWith(src.resolve("test")))
                    .toList()) {
                imports.put(name(file), importsOf(file));
            }
        }
        assertThat(imports).hasSizeGreaterThan(30);
    }

    @Test
    void noArrowLeadsUp() {
        List<String> wrong = new ArrayList<>();
        imports.forEach((file, all) -> {
            Set<String> allowed = ARROWS.get(area(file));
            for (String each : all) {
                if (allowed != null
                        && imports.containsKey(each)
                        && !area(each).equals(area(file))
                        && !allowed.contains(area(each))) {
                    wrong.add(file + " imports " + each);
                }
            }
        });

        assertThat(wrong).isEmpty();
    }

    @Test
    void everyFolderHasItsWall() {
        Set<String> folders = new TreeSet<>();
        imports.keySet().stream().filter(file -> file.contains("/")).forEach(file -> folders.add(area(file)));

        assertThat(ARROWS.keySet()).containsAll(folders);
    }

    @Test
    void noImportsGoRoundInACircle() {
        Set<String> done = new LinkedHashSet<>();
        for (String file : imports.keySet()) {
            assertThat(circle(file, new ArrayList<>(), done)).isEmpty();
        }
    }

    /** The only thing from outside is the library that puts elements on the page; it has no place in what is pure. */
    @Test
    void libAndDrawImportNothingFromOutside() {
        imports.forEach((file, all) -> {
            if (area(file).equals("lib") || area(file).equals("draw")) {
                assertThat(all).as(file).allMatch(imports::containsKey);
            }
        });
    }

    /** Files of a circle that begins at one; empty when there is none. */
    private List<String> circle(String file, List<String> way, Set<String> done) {
        if (way.contains(file)) {
            List<String> circle = new ArrayList<>(way.subList(way.indexOf(file), way.size()));
            circle.add(file);
            return circle;
        }
        if (!done.contains(file)) {
            way.add(file);
            for (String next : imports.getOrDefault(file, Set.of())) {
                List<String> found = circle(next, way, done);
                if (!found.isEmpty()) {
                    return found;
                }
            }
            way.remove(way.size() - 1);
            done.add(file);
        }
        return List.of();
    }

    private Set<String> importsOf(Path file) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = IMPORT.matcher(Files.readString(file));
        while (matcher.find()) {
            String what = matcher.group(1);
            found.add(what.startsWith(".") ? resolved(file.resolveSibling(what).normalize()) : what);
        }
        return found;
    }

    private String resolved(Path without) {
        for (String suffix : List.of(".ts", ".tsx")) {
            Path file = without.resolveSibling(without.getFileName() + suffix);
            if (Files.exists(file)) {
                return name(file);
            }
        }
        throw new AssertionError("no file " + without);
    }

    private String name(Path file) {
        return src.relativize(file).toString().replace('\\', '/');
    }

    /** The folder of a file, or the file itself beside the folders; what is from outside is its own. */
    private static String area(String file) {
        return file.contains("/") && ARROWS.containsKey(file.substring(0, file.indexOf('/')))
                ? file.substring(0, file.indexOf('/'))
                : file;
    }
}
