package io.davylamp.server;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.file.HttpFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The web page's HTML, which tells the page's program below which path the server is. */
final class Page {
    /** As the file has it for a server without a base path. */
    private static final String BASE = "<meta name=\"base\" content=\"\">";

    private static final String FILES = "\"/ui/";

    private Page() {}

    /** @param basePath of the setting, which has no character that HTML would read as its own */
    static HttpService of(ClassLoader loader, String resource, String basePath) {
        return HttpFile.builder(HttpData.ofUtf8(html(loader, resource, basePath)))
                .contentType(MediaType.HTML_UTF_8)
                .build()
                .asService();
    }

    /** The same as text. */
    static String html(ClassLoader loader, String resource, String basePath) {
        String html;
        try (InputStream in = loader.getResourceAsStream(resource.substring(1))) {
            html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!html.contains(BASE) || !html.contains(FILES)) {
            throw new IllegalStateException(resource + " has no place for the base path");
        }
        return html.replace(BASE, BASE.replace("\"\"", "\"" + basePath + "\""))
                .replace(FILES, "\"" + basePath + "/ui/");
    }
}
