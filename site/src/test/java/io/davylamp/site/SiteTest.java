package io.davylamp.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this repository, read back from its files as a browser would. */
class SiteTest {
    private static final Path ROOT = Path.of(System.getProperty("davylamp.root"));
    private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");

    @TempDir
    static Path folder;

    @TempDir
    static Path elsewhere;

    /** The pages by their path. */
    private static final Map<String, String> pages = new TreeMap<>();

    @BeforeAll
    static void write() throws IOException {
        Site.write(ROOT, folder, "9.8.7");
        for (String path : paths(folder)) {
            if (path.endsWith(".html")) {
                pages.put(path, Files.readString(folder.resolve(path)));
            }
        }
    }

    private static List<String> paths(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> below.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyMarkdownFileOfTheDocumentationIsAPage() throws IOException {
        List<String> sources = paths(ROOT.resolve("docs")).stream()
                .filter(path -> path.endsWith(".md"))
                .map(path -> path.replaceFirst("\\.md$", ".html"))
                .toList();

        assertThat(pages.keySet()).containsAll(sources).contains("README.html", "CHANGELOG.html", "how-to/index.html");
        assertThat(sources).hasSizeGreaterThan(50);
    }

    @Test
    void everyLinkLeadsToAFileOfTheSiteAndAPlaceInIt() {
        List<String> dead = new ArrayList<>();
        pages.forEach((path, html) -> {
            Matcher address = ADDRESS.matcher(html);
            while (address.find()) {
                String[] parts = address.group(1).split("#", 2);
                if (parts[0].matches("[a-z]+:.*")) {
                    continue;
                }
                Path target = parts[0].isEmpty()
                        ? folder.resolve(path)
                        : folder.resolve(path).resolveSibling(parts[0]).normalize();
                if (!target.startsWith(folder) || !Files.isRegularFile(target)) {
                    dead.add(path + ": " + address.group(1));
                } else if (parts.length == 2
                        && !hasPlace(folder.relativize(target).toString(), parts[1])) {
                    dead.add(path + ": " + address.group(1));
                }
            }
        });

        assertThat(dead).isEmpty();
    }

    private static boolean hasPlace(String path, String anchor) {
        return pages.getOrDefault(path, "").contains(" id=\"" + anchor + "\"");
    }

    @Test
    void noPageHasAPlaceTwice() {
        pages.forEach((path, html) -> {
            Set<String> seen = new HashSet<>();
            Matcher id = ID.matcher(html);
            while (id.find()) {
                assertThat(seen.add(id.group(1))).as(path + "#" + id.group(1)).isTrue();
            }
        });
    }

    @Test
    void noPageLoadsAnythingFromElsewhereOrHoldsAScriptOrAStyle() {
        pages.forEach((path, html) -> {
            assertThat(html).as(path).doesNotContain("<style", " style=", "<script>", "javascript:", " onclick=");
            assertThat(Pattern.compile("<(?:script|link|img)[^>]*(?:src|href)=\"[a-z]+:")
                            .matcher(html)
                            .find())
                    .as(path)
                    .isFalse();
        });
    }

    @Test
    void everyPageShowsTheVersionAndWhereItIsInTheNavigation() {
        pages.forEach((path, html) -> {
            assertThat(html).as(path).contains("9.8.7", "<title>", "<main id=\"main\"");
            if (!path.endsWith("index.html")) {
                assertThat(html.split("aria-current=\"page\"", -1)).as(path).hasSize(2);
            }
        });
    }

    @Test
    void theNavigationHasTheFiveKindsInTheirOrder() {
        assertThat(pages.get("index.html"))
                .containsSubsequence(
                        "<summary>Tutorial",
                        "<summary>How-to",
                        "<summary>Concepts",
                        "<summary>Reference",
                        "<summary>Decisions");
    }

    @Test
    void htmlInADocumentIsShownAndNotRun() throws IOException {
        Path root = copied();
        Files.writeString(
                root.resolve("docs/tutorial/first-flame-graph.md"),
                "# A <script>alert(1)</script>\n\n"
                        + "<img src=x onerror=alert(1)> [a](javascript:alert(1))\n\n"
                        + "```\n"
                        + "<b>\n"
                        + "```\n");

        Site.write(root, root.resolve("out"), "1");

        assertThat(Files.readString(root.resolve("out/tutorial/first-flame-graph.html")))
                .doesNotContain("<script>", "<img src=x", "javascript:", "<b>\n")
                .contains("&lt;script&gt;", "&lt;b&gt;");
    }

    @Test
    void aCommentIsNotShownAndWhatFollowsItIs() throws IOException {
        Path root = copied();
        Files.writeString(
                root.resolve("docs/tutorial/first-flame-graph.md"),
                "# A\n\n<!-- written by a program -->\n\nText.\n\n<!-- a --><b>bold</b><!-- b -->\n");

        Site.write(root, root.resolve("out"), "1");

        assertThat(Files.readString(root.resolve("out/tutorial/first-flame-graph.html")))
                .doesNotContain("written by a program")
                .contains("<p>Text.</p>", "&lt;b&gt;bold&lt;/b&gt;");
    }

    @Test
    void aDeadLinkEndsTheBuildWithItsFileAndItsTarget() throws IOException {
        Path root = copied();
        Files.writeString(
                root.resolve("docs/tutorial/first-flame-graph.md"),
                "# A\n\n[a](nothing.md) [b](../index.md#nowhere)\n");

        assertThatThrownBy(() -> Site.write(root, root.resolve("out"), "1"))
                .isInstanceOf(Site.DeadLinksException.class)
                .hasMessageContaining("docs/tutorial/first-flame-graph.md: nothing.md")
                .hasMessageContaining("docs/tutorial/first-flame-graph.md: ../index.md#nowhere");
    }

    @Test
    void whatOnlyTheRepositoryHasIsNamedWithoutALink() throws IOException {
        Path root = copied();
        Files.writeString(
                root.resolve("docs/tutorial/first-flame-graph.md"),
                "# A\n\nSee [the *style* of the page](../../ui/src/app.css).\n");

        Site.write(root, root.resolve("out"), "1");

        assertThat(Files.readString(root.resolve("out/tutorial/first-flame-graph.html")))
                .contains("<p>See the <em>style</em> of the page.</p>");
    }

    /** What the site is made from, in a folder of its own. */
    private static Path copied() throws IOException {
        Path root = Files.createTempDirectory(elsewhere, "repository");
        List<String> sources =
                new ArrayList<>(List.of("README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md"));
        for (String below : List.of("docs", "deploy", "ui/src/fonts")) {
            paths(ROOT.resolve(below)).forEach(path -> sources.add(below + "/" + path));
        }
        sources.addAll(List.of("ui/src/app.css", "ui/src/lamp.svg"));
        for (String source : sources) {
            Files.createDirectories(root.resolve(source).getParent());
            Files.copy(ROOT.resolve(source), root.resolve(source));
        }
        return root;
    }

    @Test
    void theSameFilesMakeTheSameBytes() throws IOException {
        Path again = Files.createTempDirectory(elsewhere, "again");

        Site.write(ROOT, again, "9.8.7");

        assertThat(paths(again)).isEqualTo(paths(folder));
        for (String path : paths(again)) {
            assertThat(Files.mismatch(again.resolve(path), folder.resolve(path)))
                    .as(path)
                    .isEqualTo(-1);
        }
    }

    @Test
    void theIndexHasTheTextOfTablesAndOfCodeAndNoTag() throws IOException {
        String index = Files.readString(folder.resolve("search.js"));

        assertThat(index).startsWith("davylampIndex({").contains("skywalking.upstream.grpc", "first-flame-graph.html");
        assertThat(index).doesNotContain("</td>", "|---|");
        assertThat(index.length())
                .as("bytes that a search loads, before they are packed")
                .isLessThan(1_000_000);
    }

    @Test
    void theColoursAreThoseOfThePage() throws IOException {
        String style = Files.readString(folder.resolve("site.css"));

        assertThat(style).contains(":root.dark {", "--amber: #f5a524;", "@media print", "@media (max-width: 800px)");
    }
}
