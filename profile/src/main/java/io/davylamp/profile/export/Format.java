package io.davylamp.profile.export;

import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.InvalidQueryException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats of a tree, by their words. */
public enum Format {
    JSON("columns of numbers and names", "application/json; charset=utf-8", "json"),
    COLUMNS("the same as bytes, for programs that draw", "application/vnd.davylamp.flame", "flame"),
    COLLAPSED("a line per stack", "text/plain; charset=utf-8", "collapsed"),
    HTML("a page that opens from anywhere", "text/html; charset=utf-8", "html"),
    SPEEDSCOPE("for speedscope.app", "application/json; charset=utf-8", "speedscope.json"),
    PPROF("for pprof and all that read its files", "application/octet-stream", "pb.gz"),
    OTLP("OpenTelemetry's profiles signal", "application/x-protobuf", "otlp.pb"),
    FIREFOX("for profiler.firefox.com", "application/json; charset=utf-8", "firefox.json");

    /**
     * What is written.
     *
     * @param lines whether names end in lines
     * @param startNanos of the first profile, nanoseconds since the epoch; 0 when unknown
     */
    record Written(FrameTree tree, Facts facts, String title, boolean lines, long startNanos, long durationNanos) {
        /** Time that each sample is worth; 0 when it is no time, or not the same everywhere. */
        long intervalNanos() {
            return tree.measure().isSampledTime() && facts.intervalNanos() != null ? facts.intervalNanos() : 0;
        }
    }

    private interface Bytes {
        void write(Written what, OutputStream out) throws IOException;
    }

    private interface Text {
        void write(Written what, Writer out) throws IOException;
    }

    private final String meaning;
    private final String contentType;
    private final String suffix;

    Format(String meaning, String contentType, String suffix) {
        this.meaning = meaning;
        this.contentType = contentType;
        this.suffix = suffix;
    }

    /** Writes a tree, cut or whole; the caller closes {@code out}. */
    void write(Written what, OutputStream out) throws IOException {
        FrameTree tree = hasRemainders() ? what.tree : what.tree.withRemaindersAsSelf();
        writer().write(new Written(tree, what.facts, what.title, what.lines, what.startNanos, what.durationNanos), out);
    }

    /** Chosen by a switch, so that only the code of the one format is loaded. */
    private Bytes writer() {
        return switch (this) {
            case JSON -> text((what, out) -> FlameJson.write(what.tree, what.facts, out));
            case COLUMNS -> (what, out) -> FlameColumns.write(what.tree, what.facts, out);
            case COLLAPSED -> text((what, out) -> Collapsed.write(what.tree, out));
            case HTML -> text((what, out) -> FlameHtml.write(what.title, List.of(what.tree), List.of(what.facts), out));
            case SPEEDSCOPE -> text((what, out) -> Speedscope.write(what.tree, what.title, out));
            case PPROF ->
                (what, out) -> Pprof.write(
                        what.tree, what.lines, what.intervalNanos(), what.startNanos, what.durationNanos, out);
            case OTLP -> (what, out) -> Otlp.write(what.tree, what.title, what.startNanos, what.durationNanos, out);
            case FIREFOX -> text((what, out) -> Firefox.write(what.tree, what.title, what.startNanos, out));
        };
    }

    private static Bytes text(Text text) {
        return (what, out) -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
            text.write(what, writer);
            writer.flush();
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the description of the format in the description of REST. */
    public String meaning() {
        return meaning;
    }

    public String contentType() {
        return contentType;
    }

    /** Returns the suffix of file names. */
    public String suffix() {
        return suffix;
    }

    /** Whether it is for other programs, rather than for whoever asked. */
    public boolean isExport() {
        return this != JSON && this != COLUMNS;
    }

    /** Whether all nodes are written unless somebody asks for fewer: what draws has a budget, what counts has none. */
    public boolean isWhole() {
        return this != COLUMNS;
    }

    /** Whether what a budget cut shows in the numbers; else it is added to what the node above it used itself. */
    boolean hasRemainders() {
        return this == JSON || this == COLUMNS || this == HTML;
    }

    /** @throws InvalidQueryException if the word is unknown */
    public static Format of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidQueryException(
                        "format",
                        "format \"" + word + "\" is unknown; known are "
                                + Arrays.stream(values()).map(Format::word).collect(Collectors.joining(", "))));
    }
}
