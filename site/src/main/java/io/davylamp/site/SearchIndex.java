package io.davylamp.site;

import java.util.List;

/**
 * What the script of the site searches: the text of every section, as JSON in a call of the script's function. A browser loads such
 * a file from a disk too, where it refuses to fetch JSON.
 */
final class SearchIndex {
    private SearchIndex() {}

    /** {@code {"pages": [[path, title, kind]], "sections": [[page, anchor, heading, text]]}}. */
    static String of(List<Article> articles) {
        StringBuilder pages = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        for (int i = 0; i < articles.size(); i++) {
            Article article = articles.get(i);
            pages.append(i == 0 ? "" : ",\n")
                    .append('[')
                    .append(text(article.path()))
                    .append(',')
                    .append(text(article.title()))
                    .append(',')
                    .append(text(article.kind().title))
                    .append(']');
            for (Article.Section section : article.sections()) {
                sections.append(sections.isEmpty() ? "" : ",\n")
                        .append('[')
                        .append(i)
                        .append(',')
                        .append(text(section.level() == 1 ? "" : section.anchor()))
                        .append(',')
                        .append(text(section.heading()))
                        .append(',')
                        .append(text(section.text()))
                        .append(']');
            }
        }
        return "davylampIndex({\"pages\":[\n" + pages + "],\n\"sections\":[\n" + sections + "]});\n";
    }

    private static String text(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                json.append('\\').append(each);
            } else if (each < ' ' || each == '\u2028' || each == '\u2029') {
                json.append(String.format("\\u%04x", (int) each));
            } else {
                json.append(each);
            }
        }
        return json.append('"').toString();
    }
}
