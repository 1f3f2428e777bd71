package io.davylamp.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;

/**
 * Turns links between files of the repository into links between pages of the site, and finds those that lead nowhere.
 */
final class Links {
    private final Path root;
    /** By their path in the repository. */
    private final Map<String, Article> articles;
    /** Files of {@code docs} that are no articles, by their path in the repository. */
    private final Set<String> files;

    private final Set<String> dead = new TreeSet<>();

    Links(Path root, Map<String, Article> articles, Set<String> files) {
        this.root = root;
        this.articles = articles;
        this.files = files;
    }

    /** Rewrites the links and pictures of an article. What names a file of the repository that the site has not stays as text. */
    void rewrite(Article article) {
        List<Link> withoutTarget = new ArrayList<>();
        article.document().accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                String target = target(article, link.getDestination());
                if (target == null) {
                    withoutTarget.add(link);
                } else {
                    link.setDestination(target);
                }
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                String target = target(article, image.getDestination());
                if (target == null) {
                    dead.add(article.source() + ": " + image.getDestination() + " is not below docs");
                } else {
                    image.setDestination(target);
                }
                visitChildren(image);
            }
        });
        for (Link link : withoutTarget) {
            while (link.getFirstChild() != null) {
                link.insertBefore(link.getFirstChild());
            }
            link.unlink();
        }
    }

    /** The links that lead nowhere: the file they are in, and what they name. */
    Set<String> dead() {
        return dead;
    }

    /** Where a link leads in the site; null for a file that only the repository has. */
    private String target(Article from, String destination) {
        if (destination.matches("[a-z]+:.*")) {
            return destination;
        }
        String[] parts = destination.split("#", 2);
        String anchor = parts.length == 2 ? parts[1] : "";
        String path = parts[0].isEmpty()
                ? from.source()
                : root.relativize(root.resolve(from.source())
                                .resolveSibling(parts[0])
                                .normalize())
                        .toString()
                        .replace('\\', '/');
        Article to = articles.get(path);
        if (to != null) {
            if (!anchor.isEmpty() && !to.anchors().containsValue(anchor)) {
                dead.add(from.source() + ": " + destination);
            }
            return relative(from.path(), to.path()) + (anchor.isEmpty() ? "" : "#" + anchor);
        }
        if (files.contains(path)) {
            return relative(from.path(), path.replaceFirst("^docs/", ""));
        }
        if (path.startsWith("docs/") && Files.isDirectory(root.resolve(path))) {
            return relative(from.path(), path.replaceFirst("^docs/", "") + "/index.html");
        }
        if (Files.exists(root.resolve(path))) {
            return null;
        }
        dead.add(from.source() + ": " + destination);
        return destination;
    }

    /** From one page to another of the site; both paths have slashes. */
    static String relative(String from, String to) {
        Path folder = Path.of(from).getParent();
        Path target = Path.of(to);
        return (folder == null ? target : folder.relativize(target)).toString().replace('\\', '/');
    }
}
