package io.davylamp.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Writes the documentation site. The same files make the same bytes.
 *
 * <p>Arguments: the repository's folder, the folder to write, and the version that the pages show.
 */
public final class Site {
    /** The file that lists all others with a hash of their bytes: {@code hash path}. */
    static final String FILES = "files.txt";

    private static final List<String> TOP = List.of("README.md", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md");
    private static final String FIRST = "docs/index.md";
    private static final Pattern HEADING = Pattern.compile("<(h[2-4]) id=\"([^\"]+)\">(.*?)</\\1>", Pattern.DOTALL);
    private static final int HASH_DIGITS = 16;

    private final Path root;
    private final Path folder;
    private final String version;
    private final Map<String, Article> articles = new TreeMap<>();
    private final Set<String> files = new TreeSet<>();

    private Site(Path root, Path folder, String version) {
        this.root = root;
        this.folder = folder;
        this.version = version;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: Site REPOSITORY FOLDER VERSION");
            System.exit(2);
        }
        try {
            write(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
        } catch (DeadLinksException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Writes the site.
     *
     * @throws DeadLinksException if a link names a file or a heading that does not exist
     */
    static void write(Path root, Path folder, String version) throws IOException {
        new Site(root.toAbsolutePath().normalize(), folder.toAbsolutePath(), version).write();
    }

    private void write() throws IOException {
        read();
        // Before their links lead to pages.
        List<Article> ordered = ordered();
        Links links = new Links(root, articles, files);
        ordered.forEach(links::rewrite);
        links.rewrite(articles.get(FIRST));
        if (!links.dead().isEmpty()) {
            throw new DeadLinksException(links.dead());
        }
        Layout layout = new Layout(version, ordered);
        for (Article article : articles.values()) {
            boolean first = article.source().equals(FIRST);
            put(
                    article.path(),
                    layout.page(
                            article.path(),
                            article.title(),
                            first ? null : article.kind(),
                            html(article),
                            first ? List.of() : article.sections()));
        }
        for (Map.Entry<String, Kind> each : layout.folders().entrySet()) {
            put(each.getKey() + "/index.html", layout.list(each.getKey(), each.getValue()));
        }
        put("search.js", SearchIndex.of(ordered));
        put("site.css", tokens() + resource("site.css"));
        put("site.js", resource("site.js"));
        for (String file : files) {
            copy(root.resolve(file), file.substring("docs/".length()));
        }
        copy(root.resolve("ui/src/lamp.svg"), "lamp.svg");
        try (Stream<Path> fonts = Files.list(root.resolve("ui/src/fonts"))) {
            for (Path font : fonts.sorted().toList()) {
                copy(font, "fonts/" + font.getFileName());
            }
        }
        put(FILES, hashes());
    }

    private void read() throws IOException {
        List<Extension> tables = List.of(TablesExtension.create());
        Parser parser = Parser.builder().extensions(tables).build();
        List<String> sources = new ArrayList<>(TOP);
        try (Stream<Path> walked = Files.walk(root.resolve("docs"))) {
            walked.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .forEach(file -> {
                        if (file.endsWith(".md")) {
                            sources.add(file);
                        } else {
                            files.add(file);
                        }
                    });
        }
        for (String source : sources) {
            articles.put(source, Article.of(source, parser.parse(Files.readString(root.resolve(source)))));
        }
    }

    /** The articles as the first page names them, then all others by their file's name. */
    private List<Article> ordered() {
        List<String> named = new ArrayList<>();
        articles.get(FIRST).document().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                named.add(root.relativize(root.resolve(FIRST)
                                .resolveSibling(link.getDestination().split("#", 2)[0])
                                .normalize())
                        .toString()
                        .replace('\\', '/'));
            }
        });
        return articles.values().stream()
                .filter(article -> !article.source().equals(FIRST))
                .sorted(Comparator.comparing(Article::kind)
                        .thenComparing(article -> {
                            int place = named.indexOf(article.source());
                            return place < 0 ? Integer.MAX_VALUE : place;
                        })
                        .thenComparing(Article::source))
                .toList();
    }

    private String html(Article article) {
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .escapeHtml(true)
                .sanitizeUrls(true)
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (article.anchors().containsKey(node)) {
                        attributes.put("id", article.anchors().get(node));
                    }
                    if (tag.equals("img")) {
                        size(article, attributes);
                    }
                })
                .build();
        String html = renderer.render((Node) article.document());
        // A wide table scrolls by itself. HTML of a file is escaped, so these tags are the renderer's.
        html = html.replace("<table>", "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"table\"><table>")
                .replace("</table>", "</table></div>");
        return HEADING.matcher(html)
                .replaceAll("<$1 id=\"$2\">$3 <a class=\"anchor\" href=\"#$2\" aria-label=\"link to this"
                        + " section\">#</a></$1>");
    }

    /** So that nothing jumps when a picture arrives. */
    private void size(Article article, Map<String, String> attributes) {
        Path file = root.resolve("docs").resolve(article.path()).resolveSibling(attributes.get("src"));
        try (InputStream in = Files.newInputStream(file)) {
            var picture = ImageIO.read(in);
            if (picture != null) {
                attributes.put("width", String.valueOf(picture.getWidth()));
                attributes.put("height", String.valueOf(picture.getHeight()));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("picture " + file + " of " + article.source(), e);
        }
    }

    /** The tokens of the page's design: all that stands in its style before the first rule that is no token. */
    private String tokens() throws IOException {
        String style = Files.readString(root.resolve("ui/src/app.css"));
        int end = style.indexOf("\n* {");
        if (end < 0 || !style.substring(0, end).contains(":root.dark {")) {
            throw new IOException("ui/src/app.css does not begin with the tokens of both themes");
        }
        return style.substring(0, end + 1);
    }

    private String hashes() throws IOException {
        StringBuilder hashes = new StringBuilder();
        try (Stream<Path> walked = Files.walk(folder)) {
            for (Path file : walked.filter(Files::isRegularFile).sorted().toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                if (!path.equals(FILES)) {
                    hashes.append(hash(Files.readAllBytes(file)))
                            .append(' ')
                            .append(path)
                            .append('\n');
                }
            }
        }
        return hashes.toString();
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void put(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void copy(Path from, String path) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, Files.readAllBytes(from));
    }

    /** Links of the documentation that lead nowhere. */
    static final class DeadLinksException extends IOException {
        private static final long serialVersionUID = 1;

        DeadLinksException(Set<String> links) {
            super("links of the documentation that lead nowhere:\n  " + String.join("\n  ", links));
        }
    }
}
