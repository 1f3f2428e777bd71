package io.davylamp.site;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The HTML around the text of a page: head, search, navigation, table of contents. Holds no inline script or style. */
final class Layout {
    private final String version;
    private final List<Article> articles;

    /** @param articles in the order of the navigation */
    Layout(String version, List<Article> articles) {
        this.version = version;
        this.articles = articles;
    }

    /**
     * A page.
     *
     * @param path of the page in the site
     * @param kind of the page; null for the first one
     * @param body HTML
     */
    String page(String path, String title, Kind kind, String body, List<Article.Section> sections) {
        String up = Links.relative(path, "x").replaceFirst("x$", "");
        String name = kind == null ? "Davylamp documentation" : escape(title) + " · Davylamp";
        return """
            <!doctype html>
            <html lang="en" data-root="%1$s">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%2$s</title>
            <link rel="icon" href="%1$slamp.svg" type="image/svg+xml">
            <link rel="stylesheet" href="%1$sfonts/fonts.css">
            <link rel="stylesheet" href="%1$ssite.css">
            <script src="%1$ssite.js"></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header class="top">
            <a class="home" href="%1$sindex.html"><img src="%1$slamp.svg" alt="" width="24" height="24"><b>Davylamp</b> <span class="version">%3$s</span></a>
            <div class="search" id="search"></div>
            <a class="to-contents" href="#contents">Contents</a>
            <span class="tools" id="tools"></span>
            </header>
            <div class="columns">
            <main id="main" tabindex="-1">
            %4$s
            </main>
            %5$s
            <nav id="contents" class="contents" aria-label="pages">
            %6$s
            </nav>
            </div>
            <footer><span>Davylamp %3$s</span> <a href="%1$sCHANGELOG.html">Changelog</a> <span>Apache License 2.0</span></footer>
            </body>
            </html>
            """.formatted(up, name, escape(version), body, onThisPage(sections), navigation(path, kind));
    }

    private String navigation(String path, Kind kind) {
        StringBuilder html = new StringBuilder();
        for (Kind each : Kind.values()) {
            boolean open = kind == each || kind == null && each != Kind.DECISIONS && each != Kind.REFERENCE;
            html.append("<details")
                    .append(open ? " open" : "")
                    .append("><summary>")
                    .append(each.title)
                    .append("</summary><ul>\n");
            for (Article article : articles) {
                if (article.kind() == each) {
                    html.append("<li><a href=\"")
                            .append(Links.relative(path, article.path()))
                            .append('"')
                            .append(article.path().equals(path) ? " aria-current=\"page\"" : "")
                            .append('>')
                            .append(escape(article.title()))
                            .append("</a></li>\n");
                }
            }
            html.append("</ul></details>\n");
        }
        return html.toString();
    }

    private static String onThisPage(List<Article.Section> sections) {
        List<Article.Section> shown = sections.stream()
                .filter(section -> section.level() == 2 || section.level() == 3)
                .toList();
        if (shown.size() < 2) {
            return "";
        }
        return shown.stream()
                .map(section -> "<li class=\"level" + section.level() + "\"><a href=\"#" + section.anchor() + "\">"
                        + escape(section.heading()) + "</a></li>\n")
                .collect(Collectors.joining(
                        "", "<aside class=\"on-this-page\"><h2>On this page</h2><ul>\n", "</ul></aside>"));
    }

    /** The page of a folder: each article in it with what it promises. */
    String list(String folder, Kind kind) {
        String path = folder + "/index.html";
        StringBuilder body = new StringBuilder(
                "<h1>" + kind.title + "</h1>\n<p>" + kind.purpose + "</p>\n<dl class=\"articles\">\n");
        for (Article article : articles) {
            if (article.path().startsWith(folder + "/")) {
                body.append("<dt><a href=\"")
                        .append(Links.relative(path, article.path()))
                        .append("\">")
                        .append(escape(article.title()))
                        .append("</a></dt><dd>")
                        .append(escape(article.promise()))
                        .append("</dd>\n");
            }
        }
        return page(path, kind.title, kind, body.append("</dl>").toString(), List.of());
    }

    /** Folders of the site that hold articles, with their kind. */
    Map<String, Kind> folders() {
        Map<String, Kind> folders = new TreeMap<>();
        for (Article article : articles) {
            int slash = article.path().lastIndexOf('/');
            if (slash > 0) {
                folders.put(article.path().substring(0, slash), article.kind());
            }
        }
        return folders;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
