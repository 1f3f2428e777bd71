package io.davylamp.profile.export;

import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.view.Callees;
import io.davylamp.profile.view.Comparison;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.Extent;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.HotMethods;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Inverted;
import io.davylamp.profile.view.Moment;
import io.davylamp.profile.view.Overhead;
import io.davylamp.profile.view.ProfileFilter;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.Recursion;
import io.davylamp.profile.view.ThreadTable;
import io.davylamp.profile.view.Timeline;
import io.davylamp.profile.view.Views;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Parameters in, bytes out: every view in every format, the same for a file on disk and for tasks on a server. What the
 * parameters mean is told in docs/reference/views.md.
 */
public final class Answers {
    /** What can be asked. */
    public enum View {
        FLAME("nodes", "path", "reversed", "fold-recursion", "order", "compare", "normalised", "format"),
        CALLERS("method", "nodes", "path", "compare", "normalised", "format"),
        CALLEES("method", "nodes", "path", "compare", "normalised", "format"),
        HOT("limit", "sort", "compare", "normalised"),
        TIMELINE("cells", "cell"),
        THREADS("fold", "limit"),
        INFO();

        private final List<String> parameters;

        View(String... parameters) {
            this.parameters = List.of(parameters);
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is a tree, in any {@link Format}; the others are tables. */
        public boolean isTree() {
            return parameters.contains("format");
        }

        /** All names that this view knows. */
        public List<String> parameters() {
            return Stream.of(
                            parameters.stream(),
                            Query.PARAMETERS.stream(),
                            ProfileFilter.PARAMETERS.stream().map(name -> BASELINE + name))
                    .flatMap(names -> names)
                    .toList();
        }
    }

    /** How a tree can be written. */
    public enum Format {
        JSON("application/json; charset=utf-8", "json"),
        COLUMNS("application/vnd.davylamp.flame", "flame"),
        COLLAPSED("text/plain; charset=utf-8", "collapsed"),
        HTML("text/html; charset=utf-8", "html"),
        SPEEDSCOPE("application/json; charset=utf-8", "speedscope.json"),
        PPROF("application/octet-stream", "pb.gz"),
        OTLP("application/x-protobuf", "otlp.pb");

        private final String contentType;
        private final String suffix;

        Format(String contentType, String suffix) {
            this.contentType = contentType;
            this.suffix = suffix;
        }

        public String contentType() {
            return contentType;
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

        /** What the names of such files end in. */
        public String suffix() {
            return suffix;
        }

        public static Format of(String word) {
            for (Format format : values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return format;
                }
            }
            throw new InvalidQueryException(
                    "format",
                    "format \"" + word + "\" is unknown; known are "
                            + Arrays.stream(values())
                                    .map(format -> format.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }
    }

    /**
     * What an answer may hold.
     *
     * @param nodes largest node budget of what is drawn
     * @param rows largest number of rows of a table
     * @param exportNodes largest node budget of all other formats; a view that is made node by node and has more is refused
     */
    public record Limits(int nodes, int rows, int exportNodes) {}

    /** Stands before a filter's name where it is meant for the baseline; without it the query's filter holds for both. */
    public static final String BASELINE = "base-";

    private static final int DEFAULT_NODES = 20_000;
    /** What makes other stacks, or fewer, of those that samples have. */
    private static final List<String> SHAPES = List.of("nodes", "path", "reversed", "fold-recursion", "order", "by");

    private static final int ALL_NODES = Integer.MAX_VALUE;
    private static final int DEFAULT_ROWS = 100;
    private static final int DEFAULT_CELLS = 300;

    private Answers() {}

    /** The format that was asked for; JSON for views that are tables. */
    public static Format format(Parameters parameters) {
        String format = parameters.one("format");
        return format == null ? Format.JSON : Format.of(format);
    }

    /**
     * Writes an answer; the caller closes {@code out}.
     *
     * @param title names the answer in formats that have a place for it
     * @return what a budget cut, in words for whoever asked; null when the answer is whole
     * @throws InvalidQueryException naming the parameter that is wrong
     */
    public static String write(
            View view, Parameters parameters, Views views, Limits limits, String title, OutputStream out)
            throws IOException {
        requireValid(view, parameters, limits);
        Query query = Query.of(parameters::one);
        switch (view) {
            case FLAME, CALLERS, CALLEES -> {
                return tree(view, query, parameters, views, limits, title, out);
            }
            case HOT -> text(out, writer -> hot(query, parameters, views, limits, writer));
            case TIMELINE -> text(out, writer -> timeline(query, parameters, views, writer));
            case THREADS -> text(out, writer -> threads(query, parameters, views, limits, writer));
            case INFO -> text(out, writer -> info(parameters, views, writer));
        }
        return null;
    }

    /** @throws InvalidQueryException naming the first parameter that is wrong, before any profile is read */
    public static void requireValid(View view, Parameters parameters, Limits limits) {
        for (String name : parameters.names()) {
            if (!view.parameters().contains(name)) {
                throw new InvalidQueryException(
                        name,
                        "\"" + name + "\" is no parameter of " + view.word() + "; known are "
                                + String.join(", ", view.parameters()));
            }
        }
        Query.of(parameters::one);
        baselineFilter(parameters);
        format(parameters);
        switch (view) {
            case FLAME -> {
                nodes(parameters, limits);
                Query.flag("reversed", parameters::one);
                Query.flag("fold-recursion", parameters::one);
                compare(parameters);
                isInTimeOrder(parameters);
            }
            case CALLERS, CALLEES -> {
                nodes(parameters, limits);
                method(parameters);
                compare(parameters);
            }
            case HOT -> {
                rows(parameters, limits);
                order(parameters);
                compare(parameters);
            }
            case TIMELINE -> cells(parameters);
            case THREADS -> {
                rows(parameters, limits);
                Query.flag("fold", parameters::one);
            }
            case INFO -> {}
        }
    }

    private static boolean isInTimeOrder(Parameters parameters) {
        String order = parameters.one("order");
        if (order == null || order.equals("value")) {
            return false;
        }
        if (!order.equals("time")) {
            throw new InvalidQueryException("order", "order \"" + order + "\" is unknown; known are value, time");
        }
        for (String other : parameters.names()) {
            if (List.of("reversed", "fold-recursion", "path", "by", "compare", "normalised")
                            .contains(other)
                    || other.startsWith(BASELINE)) {
                throw new InvalidQueryException(
                        "order",
                        "order=time and " + other + " exclude each other: it shows what came after what, by thread");
            }
        }
        return true;
    }

    /** Null for what fits best; {@code normalised} is how shares were asked for before there was a choice of three. */
    private static Comparison.By compare(Parameters parameters) {
        String word = parameters.one("compare");
        boolean shares = Query.flag("normalised", parameters::one);
        if (word == null) {
            return shares ? Comparison.By.SHARE : null;
        }
        if (shares && !word.equals(Comparison.By.SHARE.word())) {
            throw new InvalidQueryException("compare", "compare=" + word + " and normalised exclude each other");
        }
        return Comparison.By.of("compare", word);
    }

    private static Facts facts(Merged merged, Query query, Parameters parameters, Views views) {
        FrameTree tree = merged.tree();
        Comparison comparison = tree.sides() == 1
                ? null
                : views.comparison(compare(parameters), tree, query, baselineFilter(parameters));
        Facts own = Facts.of(views, query, tree.measure(), tree.total(), merged.overhead());
        if (comparison == null) {
            return own;
        }
        Extent baseline = views.baselineExtent(tree.measure(), baselineFilter(parameters));
        long total = tree.total(1, 0);
        return new Facts(
                comparison,
                own.lacking(),
                views.baselineLacking(tree.measure()),
                own.extent(),
                baseline,
                own.samples(),
                query.count() ? total : baseline.samples(total),
                own.warnings(),
                merged.overhead());
    }

    /**
     * A whole tree.
     *
     * @param overhead what the profiler itself is worth; -1 when it is not told apart
     */
    private record Merged(FrameTree tree, long overhead) {}

    private static int nodes(Parameters parameters, Limits limits) {
        if (format(parameters).isWhole()) {
            return Query.number("nodes", parameters::one, ALL_NODES, 1, limits.exportNodes());
        }
        return Query.number("nodes", parameters::one, Math.min(DEFAULT_NODES, limits.nodes()), 1, limits.nodes());
    }

    private static int rows(Parameters parameters, Limits limits) {
        return Query.number("limit", parameters::one, Math.min(DEFAULT_ROWS, limits.rows()), 1, limits.rows());
    }

    private static Timeline.Cells cells(Parameters parameters) {
        String length = parameters.one("cell");
        if (length == null) {
            return Timeline.Cells.of(Query.number("cells", parameters::one, DEFAULT_CELLS, 1, Timeline.MAX_CELLS));
        }
        if (parameters.one("cells") != null) {
            throw new InvalidQueryException("cell", "cell and cells exclude each other");
        }
        long nanos = Moment.duration("cell", length);
        if (nanos <= 0) {
            throw new InvalidQueryException("cell", "cell \"" + length + "\" is no length of time above 0");
        }
        return Timeline.Cells.ofNanos(nanos);
    }

    private static HotMethods.Order order(Parameters parameters) {
        String sort = parameters.one("sort");
        return Arrays.stream(HotMethods.Order.values())
                .filter(each ->
                        sort == null || each.name().toLowerCase(Locale.ROOT).equals(sort))
                .findFirst()
                .orElseThrow(() -> new InvalidQueryException(
                        "sort", "sort \"" + sort + "\" is unknown; known are self, total, change"));
    }

    private static ProfileFilter baselineFilter(Parameters parameters) {
        for (String name : ProfileFilter.PARAMETERS) {
            String own = parameters.one(BASELINE + name);
            if (own != null) {
                requireFilter(name, own);
            }
        }
        boolean movesTime = parameters.one(BASELINE + "from") != null || parameters.one(BASELINE + "to") != null;
        return ProfileFilter.of(name -> {
            String own = parameters.one(BASELINE + name);
            boolean isTime = name.equals("from") || name.equals("to");
            return own != null || isTime && movesTime ? own : parameters.one(name);
        });
    }

    /** What is wrong with a parameter of the baseline is told with its whole name. */
    private static void requireFilter(String name, String text) {
        try {
            ProfileFilter.of(each -> each.equals(name) ? text : null);
        } catch (InvalidQueryException e) {
            throw new InvalidQueryException(BASELINE + name, BASELINE + e.getMessage());
        }
    }

    private interface Text {
        void write(Writer writer) throws IOException;
    }

    private static void text(OutputStream out, Text text) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        text.write(writer);
        writer.flush();
    }

    private static Merged merged(Query query, Parameters parameters, Views views) throws IOException {
        Overhead overhead = query.filter().overhead();
        List<String> shape = new ArrayList<>();
        for (String name : Query.PARAMETERS) {
            String text = parameters.one(name);
            if (text != null && !name.equals("measure") && !name.equals("overhead") && !name.equals("count")) {
                shape.add(name + "=" + text);
            }
        }
        shape.add("count=" + query.count());
        if (overhead == Overhead.KEEP) {
            return new Merged(views.tree(query, baselineFilter(parameters), shape), -1);
        }
        // One tree with the group serves those who hide it and those who do not, and says what it is worth.
        shape.add("overhead");
        FrameTree tree = views.tree(
                query.with(Overhead.GROUP), baselineFilter(parameters).with(Overhead.GROUP), shape);
        return new Merged(overhead == Overhead.HIDE ? tree.withoutOverhead() : tree, tree.overhead(0));
    }

    private static String tree(
            View view, Query query, Parameters parameters, Views views, Limits limits, String title, OutputStream out)
            throws IOException {
        Format format = format(parameters);
        int nodes = nodes(parameters, limits);
        if (format == Format.OTLP && view == View.FLAME && SHAPES.stream().noneMatch(parameters.names()::contains)) {
            Otlp.write(views, query, title, query.detail() == Detail.LINE, out);
            return null;
        }
        Merged all = view == View.FLAME && isInTimeOrder(parameters)
                ? new Merged(views.timeOrder(query, nodes), -1)
                : merged(query, parameters, views);
        Facts facts = facts(all, query, parameters, views);
        FrameTree cut = view == View.FLAME && isInTimeOrder(parameters)
                ? all.tree()
                : byValue(view, all.tree(), parameters, nodes, limits);
        FrameTree tree = format.hasRemainders() ? cut : cut.withRemaindersAsSelf();
        ProfileInfo first =
                views.sources().isEmpty() ? null : views.sources().get(0).info();
        long start = first == null ? 0 : first.startNanos();
        long duration = first == null ? 0 : first.durationNanos();
        switch (format) {
            case JSON -> text(out, writer -> FlameJson.write(tree, facts, writer));
            case COLUMNS -> FlameColumns.write(tree, facts, out);
            case COLLAPSED -> text(out, writer -> Collapsed.write(tree, writer));
            case HTML -> text(out, writer -> FlameHtml.write(title, List.of(tree), List.of(facts), writer));
            case SPEEDSCOPE -> text(out, writer -> Speedscope.write(tree, title, writer));
            case PPROF ->
                Pprof.write(
                        tree,
                        query.detail() == Detail.LINE,
                        cut.measure().isSampledTime() ? facts.extent().intervalNanos() : 0,
                        start,
                        duration,
                        out);
            case OTLP -> Otlp.write(tree, title, start, duration, out);
        }
        return format.isWhole() ? told(cut, format) : null;
    }

    private static String told(FrameTree cut, Format format) {
        if (cut.cutValue() == 0) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "only the %d largest nodes were asked for: %d of %d %s (%.1f %%) belong to smaller ones and are %s; without"
                        + " \"nodes\" all are written",
                cut.size(),
                cut.cutValue(),
                cut.total(),
                cut.measure().unit().word(),
                100.0 * cut.cutValue() / cut.total(),
                format.hasRemainders() ? "only in the totals of their callers" : "counted for their callers");
    }

    private static FrameTree byValue(View view, FrameTree all, Parameters parameters, int nodes, Limits limits) {
        List<String> path = parameters.all("path");
        return switch (view) {
            case CALLERS ->
                whole(Inverted.callers(all, method(parameters), Math.min(nodes, limits.exportNodes()), path), nodes);
            case CALLEES -> Callees.of(all, method(parameters)).cut(nodes, path);
            default -> {
                FrameTree tree = Query.flag("fold-recursion", parameters::one) ? Recursion.folded(all) : all;
                yield Query.flag("reversed", parameters::one)
                        ? whole(Inverted.reversed(tree, Math.min(nodes, limits.exportNodes()), path), nodes)
                        : tree.cut(nodes, path);
            }
        };
    }

    /** Stacks from the inside out may be as many nodes as all stacks have frames: there a whole answer has a bound. */
    private static FrameTree whole(FrameTree inverted, int nodes) {
        if (nodes == ALL_NODES && inverted.cutValue() != 0) {
            throw new InvalidQueryException(
                    "nodes",
                    "the view has more than " + inverted.size()
                            + " nodes, which is all that may be written; ask for the largest with nodes, or for less"
                            + " with a filter such as include, root or leaf");
        }
        return inverted;
    }

    private static String method(Parameters parameters) {
        String method = parameters.one("method");
        if (method == null || method.isEmpty()) {
            throw new InvalidQueryException("method", "method is missing: a name such as java.util.HashMap.get");
        }
        return method;
    }

    private static void hot(Query query, Parameters parameters, Views views, Limits limits, Writer out)
            throws IOException {
        int rows = rows(parameters, limits);
        HotMethods.Order order = order(parameters);
        Merged merged = merged(query, parameters, views);
        FrameTree tree = merged.tree();
        boolean compared = tree.sides() > 1;
        Facts facts = facts(merged, query, parameters, views);
        List<HotMethods.Row> all =
                HotMethods.of(tree, order, compared ? facts.comparison().scale() : 1);
        Function<HotMethods.Row, HotMethods.Row> samples = samples(query, parameters, views, facts);
        measure(tree, out);
        out.append(",\"total\":").append(Long.toString(tree.total()));
        if (compared) {
            out.append(",\"baselineTotal\":").append(Long.toString(tree.total(1, 0)));
        }
        facts.json(out);
        out.append(",\"rows\":").append(Integer.toString(all.size())).append(",\"methods\":[");
        String separator = "";
        for (HotMethods.Row row : all.subList(0, Math.min(rows, all.size()))) {
            out.append(separator).append("{\"name\":");
            FlameJson.string(row.name(), out);
            out.append(",\"kind\":\"").append(row.kind().word()).append('"');
            out.append(",\"self\":").append(Long.toString(row.self()));
            out.append(",\"total\":").append(Long.toString(row.total()));
            HotMethods.Row counted = samples.apply(row);
            out.append(",\"selfSamples\":").append(Long.toString(counted.self()));
            out.append(",\"totalSamples\":").append(Long.toString(counted.total()));
            if (compared) {
                out.append(",\"baselineSelf\":").append(Long.toString(row.baselineSelf()));
                out.append(",\"baselineTotal\":").append(Long.toString(row.baselineTotal()));
                out.append(",\"baselineSelfSamples\":").append(Long.toString(counted.baselineSelf()));
                out.append(",\"baselineTotalSamples\":").append(Long.toString(counted.baselineTotal()));
            }
            out.append(",\"instances\":")
                    .append(Integer.toString(row.instances()))
                    .append('}');
            separator = ",";
        }
        out.append("]}");
    }

    /** The samples behind each row: by the interval where all samples are worth the same, else by a second tree that counts them. */
    private static Function<HotMethods.Row, HotMethods.Row> samples(
            Query query, Parameters parameters, Views views, Facts facts) throws IOException {
        Extent own = facts.extent();
        Extent baseline = facts.baselineExtent() == null ? own : facts.baselineExtent();
        if (query.count()) {
            return row -> row;
        }
        if (own.intervalNanos() > 0 && baseline.intervalNanos() > 0) {
            return row -> new HotMethods.Row(
                    row.name(),
                    row.kind(),
                    own.samples(row.self()),
                    own.samples(row.total()),
                    baseline.samples(row.baselineSelf()),
                    baseline.samples(row.baselineTotal()),
                    row.instances());
        }
        Map<String, HotMethods.Row> counted = new HashMap<>();
        for (HotMethods.Row row :
                HotMethods.of(merged(query.counted(), parameters, views).tree())) {
            counted.put(row.name(), row);
        }
        // Samples that are worth nothing are no nodes: what has a value has samples.
        return row -> counted.getOrDefault(row.name(), row);
    }

    private static void measure(FrameTree tree, Writer out) throws IOException {
        out.append("{\"measure\":");
        FlameJson.string(tree.measure().name(), out);
        out.append(",\"unit\":\"").append(tree.measure().unit().word()).append('"');
    }

    private static void timeline(Query query, Parameters parameters, Views views, Writer out) throws IOException {
        Timeline.Cells cells = cells(parameters);
        Timeline timeline = views.timeline(query, cells);
        out.append("{\"measure\":");
        FlameJson.string(timeline.measure().name(), out);
        out.append(",\"unit\":\"").append(timeline.measure().unit().word()).append('"');
        long total = timeline.rows().stream().mapToLong(Timeline.Row::total).sum();
        out.append(",\"total\":").append(Long.toString(total));
        Facts.of(views, query, timeline.measure(), total, -1).json(out);
        out.append(",\"start\":\"").append(time(timeline.startNanos())).append('"');
        out.append(",\"cellNanos\":").append(Long.toString(timeline.cellNanos()));
        out.append(",\"cells\":").append(Integer.toString(timeline.cells())).append(",\"rows\":[");
        String separator = "";
        for (Timeline.Row row : timeline.rows()) {
            out.append(separator).append("{\"name\":");
            FlameJson.string(row.name(), out);
            out.append(",\"total\":").append(Long.toString(row.total())).append(",\"values\":");
            values(row.values(), out);
            out.append('}');
            separator = ",";
        }
        out.append("],\"series\":[");
        separator = "";
        for (Timeline.SeriesRow row : timeline.series()) {
            out.append(separator).append("{\"instance\":");
            FlameJson.string(row.instance(), out);
            out.append(",\"name\":");
            FlameJson.string(row.name(), out);
            out.append(",\"unit\":\"").append(row.unit().word()).append("\",\"values\":");
            values(row.values(), out);
            out.append('}');
            separator = ",";
        }
        out.append("]}");
    }

    private static void values(long[] values, Writer out) throws IOException {
        out.append('[');
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ",").append(Long.toString(values[i]));
        }
        out.append(']');
    }

    private static void threads(Query query, Parameters parameters, Views views, Limits limits, Writer out)
            throws IOException {
        int limit = rows(parameters, limits);
        ThreadTable table = views.threads(query, Query.flag("fold", parameters::one));
        List<ThreadTable.Row> rows = table.rows();
        Measure measure = views.measure(query.measure());
        measure = query.count() ? measure.inSamples() : measure;
        long total = rows.stream().mapToLong(ThreadTable.Row::total).sum();
        out.append("{\"measure\":");
        FlameJson.string(measure.name(), out);
        out.append(",\"unit\":\"").append(measure.unit().word()).append("\",\"total\":");
        out.append(Long.toString(total));
        boolean hides = query.filter().overhead() == Overhead.HIDE;
        Facts.of(views, query, measure, total, hides ? table.hidden() : -1).json(out);
        out.append(",\"rows\":").append(Integer.toString(rows.size())).append(",\"threads\":[");
        String separator = "";
        for (ThreadTable.Row row : rows.subList(0, Math.min(limit, rows.size()))) {
            out.append(separator).append("{\"name\":");
            FlameJson.string(row.name(), out);
            out.append(",\"total\":").append(Long.toString(row.total()));
            out.append(",\"samples\":").append(Long.toString(row.samples()));
            out.append(",\"threads\":").append(Integer.toString(row.threads())).append(",\"states\":{");
            String comma = "";
            for (Map.Entry<String, Long> state : row.states().entrySet()) {
                out.append(comma);
                FlameJson.string(state.getKey(), out);
                out.append(':').append(Long.toString(state.getValue()));
                comma = ",";
            }
            out.append("}}");
            separator = ",";
        }
        out.append("]}");
    }

    /** The sums of all that the profiles hold; with a filter, of what it accepts, for which samples have to be read. */
    public static List<Views.MeasureTotals> measures(Parameters parameters, Views views) throws IOException {
        boolean filtered = ProfileFilter.PARAMETERS.stream().anyMatch(name -> parameters.one(name) != null);
        return filtered ? views.measures(Query.of(parameters::one)) : views.measures();
    }

    private static void info(Parameters parameters, Views views, Writer out) throws IOException {
        out.append("{\"measures\":[");
        String separator = "";
        for (Views.MeasureTotals totals : measures(parameters, views)) {
            out.append(separator).append("{\"name\":");
            FlameJson.string(totals.measure().name(), out);
            out.append(",\"unit\":\"").append(totals.measure().unit().word()).append('"');
            out.append(",\"events\":").append(Long.toString(totals.events()));
            out.append(",\"samples\":").append(Long.toString(totals.samples()));
            out.append(",\"intervalNanos\":").append(Long.toString(totals.intervalNanos()));
            out.append(",\"total\":").append(Long.toString(totals.total()));
            out.append(",\"instances\":")
                    .append(Integer.toString(totals.instances()))
                    .append('}');
            separator = ",";
        }
        out.append("],\"profiles\":[");
        separator = "";
        for (ProfileSource source : views.sources()) {
            ProfileInfo info = source.info();
            out.append(separator).append("{\"instance\":");
            FlameJson.string(source.instance(), out);
            out.append(",\"source\":");
            FlameJson.string(info.source(), out);
            out.append(",\"start\":\"").append(time(info.startNanos())).append('"');
            out.append(",\"end\":\"").append(time(info.endNanos())).append('"');
            out.append(",\"lengthNanos\":").append(Long.toString(Math.max(0, info.durationNanos())));
            out.append(",\"cores\":").append(Integer.toString(info.cores()));
            out.append(",\"measures\":[");
            String between = "";
            for (ProfileSource.Totals each : source.measures()) {
                out.append(between).append("{\"name\":");
                FlameJson.string(each.measure().name(), out);
                out.append(",\"unit\":\"").append(each.measure().unit().word()).append('"');
                out.append(",\"events\":").append(Long.toString(each.events()));
                out.append(",\"samples\":").append(Long.toString(each.samples()));
                out.append(",\"intervalNanos\":").append(Long.toString(each.intervalNanos()));
                out.append(",\"total\":").append(Long.toString(each.total())).append('}');
                between = ",";
            }
            out.append("],\"settings\":");
            texts(info.settings(), out);
            out.append(",\"host\":");
            texts(info.host(), out);
            out.append(",\"warnings\":[");
            String comma = "";
            for (String warning : info.warnings()) {
                out.append(comma);
                FlameJson.string(warning, out);
                comma = ",";
            }
            out.append("]}");
            separator = ",";
        }
        out.append("]}");
    }

    private static void texts(Map<String, String> texts, Writer out) throws IOException {
        out.append('{');
        String comma = "";
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            out.append(comma);
            FlameJson.string(entry.getKey(), out);
            out.append(':');
            FlameJson.string(entry.getValue(), out);
            comma = ",";
        }
        out.append('}');
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L))
                .toString();
    }
}
