package io.davylamp.profile.export;

import io.davylamp.profile.view.FrameTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** One HTML file with flame graphs of any number of measures: no other file, no request, works from a mail attachment. */
public final class FlameHtml {
    private static final String DATA = "/*DATA*/null";
    private static final String TITLE = "<!--TITLE-->";

    private FlameHtml() {}

    public static void write(String title, List<FrameTree> trees, Appendable out) throws IOException {
        String page = template();
        int titleAt = page.indexOf(TITLE);
        int dataAt = page.indexOf(DATA);
        out.append(page, 0, titleAt);
        out.append(title.replace("&", "&amp;").replace("<", "&lt;"));
        out.append(page, titleAt + TITLE.length(), dataAt);
        out.append('[');
        for (int i = 0; i < trees.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            FlameJson.write(trees.get(i), out);
        }
        out.append(']');
        out.append(page, dataAt + DATA.length(), page.length());
    }

    private static String template() {
        try (InputStream in = Objects.requireNonNull(FlameHtml.class.getResourceAsStream("flame.html"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
