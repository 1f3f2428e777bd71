package io.davylamp.profile.export;

import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.FrameTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/**
 * One HTML file with flame graphs of any number of measures: no other file, no request, works from a mail attachment. The trees
 * are {@link FlameColumns}, packed with gzip and in base64, drawn by the page's own renderer.
 */
public final class FlameHtml {
    private FlameHtml() {}

    /** @param facts of each tree, as for {@link FlameJson} */
    public static void write(String title, List<FrameTree> trees, List<Facts> facts, Appendable out)
            throws IOException {
        String page = resource("flame.html");
        int at = 0;
        at = upTo("<!--TITLE-->", page, at, out);
        out.append(title.replace("&", "&amp;").replace("<", "&lt;"));
        at = upTo("/*STYLE*/", page, at, out);
        out.append(resource("app.css"));
        at = upTo("<!--TREES-->", page, at, out);
        for (int i = 0; i < trees.size(); i++) {
            out.append("<script type=\"application/vnd.davylamp.flame\">")
                    .append(packed(trees.get(i), facts.get(i)))
                    .append("</script>\n");
        }
        at = upTo("/*SCRIPT*/", page, at, out);
        out.append(resource("standalone.js"));
        out.append(page, at, page.length());
    }

    /** Copies what stands before a mark; answers where the page goes on after it. */
    private static int upTo(String mark, String page, int from, Appendable out) throws IOException {
        int at = page.indexOf(mark, from);
        out.append(page, from, at);
        return at + mark.length();
    }

    private static String packed(FrameTree tree, Facts facts) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            FlameColumns.write(tree, facts, gzip);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(FlameHtml.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
