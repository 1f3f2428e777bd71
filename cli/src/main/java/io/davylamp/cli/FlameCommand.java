package io.davylamp.cli;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.export.FlameHtml;
import io.davylamp.profile.export.Format;
import io.davylamp.profile.view.Detail;
import io.davylamp.profile.view.Facts;
import io.davylamp.profile.view.FrameTree;
import io.davylamp.profile.view.Overhead;
import io.davylamp.profile.view.ViewKind;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flame",
        description = "Make a flame graph of tasks or local files: as HTML, or for other programs.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FlameCommand implements Callable<Integer> {
    /** The words of all formats for files; columns are for programs that draw. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Format.values())
                    .filter(format -> format != Format.COLUMNS)
                    .map(Format::word)
                    .iterator();
        }
    }

    /** Formats that are useless on a terminal. */
    private static final Set<Format> FILES = EnumSet.of(Format.HTML, Format.PPROF, Format.OTLP);

    @Mixin
    private Shared shared;

    @Mixin
    private Question question;

    @Parameters(paramLabel = "ID|FILE", arity = "1..*", description = "tasks, or local files; several are merged")
    private List<String> targets;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = Formats.class,
            description = "${COMPLETION-CANDIDATES}; default html, with --json json")
    private String word;

    @Option(names = "--nodes", paramLabel = "N", description = "keep only the N largest nodes; default: all")
    private Integer nodes;

    @Option(names = "--reversed", description = "invert: begin at the leaves instead of the root")
    private boolean reversed;

    @Option(names = "--fold-recursion", description = "collapse recursion: each frame at most once in a stack")
    private boolean foldRecursion;

    @Option(
            names = "--order",
            paramLabel = "WORD",
            description = "value (default), or time: the stacks of each thread in the order of time")
    private String order;

    @Option(
            names = "--baseline",
            paramLabel = "ID|FILE",
            description = "task or file to compare with; only json and html")
    private List<String> baseline = List.of();

    @Option(
            names = "--compare",
            paramLabel = "WORD",
            description = "with --baseline: rate, value or share; default as in davy diff")
    private String compare;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description =
                    "file to write, - for standard output; default: standard output; for html, pprof and otlp the name of the task or file with a suffix")
    private Path output;

    /** Returns the command of {@code davy flame FILE}, optionally with {@code -o FILE}; see {@link HotCommand#plain}. */
    static Callable<Integer> plain(PlainArguments arguments) {
        if (!arguments.areOnly("-o")) {
            return null;
        }
        FlameCommand command = new FlameCommand();
        command.shared = new Shared();
        command.question = new Question();
        command.targets = arguments.files();
        command.output = arguments.text("-o") == null ? null : Path.of(arguments.text("-o"));
        return command;
    }

    @Override
    public Integer call() {
        Format format = format();
        if (nodes != null && nodes < 1) {
            throw new CommandException(ExitCode.USAGE, "--nodes " + nodes + ": it must be at least 1");
        }
        if (output != null && output.toString().equals("-")) {
            output = null;
        } else if (output == null && FILES.contains(format)) {
            String name = Path.of(targets.get(0)).getFileName().toString();
            output = Path.of(name.replaceAll("\\.(jfr|collapsed|txt)$", "") + "." + format.suffix());
        }
        try {
            if (format == Format.HTML
                    && targets.size() == 1
                    && question.parameters().isEmpty()
                    && !reversed
                    && !foldRecursion
                    && order == null
                    && nodes == null
                    && baseline.isEmpty()
                    && LocalFile.is(targets.get(0))) {
                writeAllMeasures(LocalFile.read(targets.get(0)));
            } else {
                write(format);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write: " + e);
        }
        if (output != null) {
            if (shared.json) {
                shared.printJson(Map.of("file", output.toString()));
            } else {
                System.out.println(output);
            }
        }
        return ExitCode.OK;
    }

    private Format format() {
        if (word == null) {
            return shared.json ? Format.JSON : Format.HTML;
        }
        for (String known : new Formats()) {
            if (known.equals(word.toLowerCase(Locale.ROOT))) {
                return Format.of(known);
            }
        }
        throw new CommandException(
                ExitCode.USAGE, "--format " + word + " is unknown; known are " + String.join(", ", new Formats()));
    }

    private void write(Format format) throws IOException {
        Map<String, List<String>> parameters = question.parameters();
        Question.put(parameters, "nodes", nodes);
        Question.put(parameters, "format", format.word());
        if (format == Format.HTML && !question.has("overhead")) {
            // All of it is in the file; the page in it hides the group until somebody asks for it.
            Question.put(parameters, "overhead", "group");
        }
        Question.put(parameters, "reversed", reversed ? "true" : null);
        Question.put(parameters, "fold-recursion", foldRecursion ? "true" : null);
        Question.put(parameters, "order", order);
        Question.put(parameters, "compare", compare);
        String cut;
        if (output == null) {
            cut = question.write(shared, ViewKind.FLAME, targets, baseline, parameters, System.out);
            if (format == Format.JSON || format == Format.SPEEDSCOPE) {
                System.out.println();
            }
            System.out.flush();
        } else {
            try (LateFile out = new LateFile(output)) {
                cut = question.write(shared, ViewKind.FLAME, targets, baseline, parameters, out);
                out.keep();
            }
        }
        if (cut != null) {
            System.err.println("davy: " + cut.replace("\"nodes\"", "--nodes"));
        }
    }

    private void writeAllMeasures(Profile profile) throws IOException {
        List<FrameTree> trees = new ArrayList<>();
        List<Facts> facts = new ArrayList<>();
        for (Measure each : profile.measures().keySet()) {
            FrameTree tree = FrameTree.of(profile, each, Detail.METHOD, Overhead.GROUP);
            facts.add(Facts.ofOverhead(tree.overhead(0)));
            trees.add(tree.sorted());
        }
        String title = Path.of(targets.get(0)).getFileName().toString();
        if (output == null) {
            Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
            FlameHtml.write(title, trees, facts, out);
            out.flush();
            return;
        }
        try (Progress progress = Progress.quick("writing " + output);
                Writer out = Files.newBufferedWriter(output)) {
            FlameHtml.write(title, trees, facts, out);
        }
    }
}
