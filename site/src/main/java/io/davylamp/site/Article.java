package io.davylamp.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Block;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/**
 * One Markdown file of the repository, parsed.
 *
 * @param source its path in the repository, with slashes
 * @param path the path of its page in the site
 * @param anchors the name of each heading in the page's address
 */
record Article(String source, String path, Kind kind, Node document, Map<Node, String> anchors) {
    private static final String PROMISE = "After this page you ";

    /** A heading and the text below it, up to the next heading. */
    record Section(String anchor, int level, String heading, String text) {}

    static Article of(String source, Node document) {
        removeComments(document);
        Map<Node, String> anchors = new HashMap<>();
        Map<String, Integer> used = new HashMap<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String name = anchor(text(heading));
                int before = used.merge(name, 1, Integer::sum) - 1;
                anchors.put(heading, before == 0 ? name : name + "-" + before);
            }
        });
        return new Article(source, path(source), Kind.of(source), document, anchors);
    }

    /** Programs that write a part of a page know it by comments, which readers do not see. */
    private static void removeComments(Node document) {
        Node node = document.getFirstChild();
        while (node != null) {
            Node next = node.getNext();
            if (node instanceof HtmlBlock html && html.getLiteral().matches("(?s)\\s*<!--(?:(?!-->).)*-->\\s*")) {
                html.unlink();
            }
            node = next;
        }
    }

    /** As GitHub names headings, so that links work there too. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String path(String source) {
        return source.replaceFirst("^docs/", "").replaceFirst("\\.md$", ".html");
    }

    /** The first heading, or the file's name where there is none. */
    String title() {
        return sections().stream()
                .filter(section -> section.level() == 1)
                .map(Section::heading)
                .findFirst()
                .orElse(source);
    }

    /** What the page promises: its first sentence without the words that all of them begin with. */
    String promise() {
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Paragraph) {
                String text = text(node);
                int end = text.indexOf(". ");
                String sentence = end < 0 ? text : text.substring(0, end + 1);
                return sentence.startsWith(PROMISE)
                        ? "You " + sentence.substring(PROMISE.length())
                        : sentence.replaceFirst("^Context\\. *", "");
            }
        }
        return "";
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        String anchor = "";
        int level = 1;
        String heading = "";
        StringBuilder text = new StringBuilder();
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading begin) {
                if (!heading.isEmpty()) {
                    sections.add(
                            new Section(anchor, level, heading, text.toString().strip()));
                }
                anchor = anchors.get(begin);
                level = begin.getLevel();
                heading = text(begin);
                text.setLength(0);
            } else {
                text.append(text(node)).append(' ');
            }
        }
        if (!heading.isEmpty()) {
            sections.add(new Section(anchor, level, heading, text.toString().strip()));
        }
        return sections;
    }

    /** What somebody reads there, in one line. */
    static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(FencedCodeBlock part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak part) {
                text.append(' ');
            }

            @Override
            public void visit(HardLineBreak part) {
                text.append(' ');
            }

            @Override
            public void visit(CustomNode part) {
                visitChildren(part);
                if (part instanceof TableCell) {
                    text.append(' ');
                }
            }

            @Override
            protected void visitChildren(Node parent) {
                super.visitChildren(parent);
                if (parent instanceof Block && !(parent instanceof Heading)) {
                    text.append(' ');
                }
            }
        });
        return text.toString().replaceAll("\\s+", " ").strip();
    }
}
