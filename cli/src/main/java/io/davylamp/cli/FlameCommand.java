package io.davylamp.cli;

import io.davylamp.profile.Detail;
import io.davylamp.profile.FrameTree;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.export.Collapsed;
import io.davylamp.profile.export.FlameHtml;
import io.davylamp.profile.export.FlameJson;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flame",
        description = "The flame graph of a task or of a recording on disk: a page, collapsed stacks, or JSON.",
        mixinStandardHelpOptions = true)
final class FlameCommand implements Callable<Integer> {
    enum Format {
        html,
        collapsed,
        json
    }

    @Mixin
    private Shared shared;

    @Parameters(paramLabel = "ID|FILE")
    private String idOrFile;

    @Option(names = "--measure", description = "cpu, alloc, lock, ...; default: the first (html of a file: all)")
    private String measure;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; default html, with --json json")
    private Format format;

    @Option(
            names = "--detail",
            defaultValue = "method",
            description = "line, method, class or package; default ${DEFAULT-VALUE}")
    private String detail;

    @Option(
            names = "--nodes",
            defaultValue = "50000",
            description = "keep the so many largest nodes; default ${DEFAULT-VALUE}")
    private int nodes;

    @Option(names = "-o", paramLabel = "FILE", description = "where to; default: standard output, html: ID.html")
    private Path output;

    @Override
    public Integer call() {
        if (format == null) {
            format = shared.json ? Format.json : Format.html;
        }
        if (nodes < 1) {
            throw new CommandException(ExitCode.USAGE, "--nodes " + nodes + ": at least 1");
        }
        Detail level;
        try {
            level = Detail.valueOf(detail.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--detail " + detail + ": line, method, class or package");
        }
        if (output == null && format == Format.html) {
            output = Path.of(Path.of(idOrFile).getFileName().toString().replaceAll("\\.jfr$", "") + ".html");
        }
        try (Writer out = output == null
                ? new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))
                : Files.newBufferedWriter(output)) {
            if (LocalFile.is(idOrFile)) {
                write(LocalFile.read(idOrFile, false), level, out);
            } else {
                out.write(shared.rest()
                        .text("/api/v1/tasks/" + RestClient.encode(idOrFile) + "/flame?format=" + format + "&nodes="
                                + nodes
                                + "&detail=" + RestClient.encode(detail)
                                + (measure == null ? "" : "&measure=" + RestClient.encode(measure))));
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

    private void write(Profile profile, Detail level, Writer out) throws IOException {
        List<FrameTree> trees = new ArrayList<>();
        if (measure == null && format == Format.html) {
            for (Measure each : profile.measures().keySet()) {
                trees.add(FrameTree.of(profile, each, level).cut(nodes));
            }
        } else {
            trees.add(FrameTree.of(profile, LocalFile.measure(profile, measure), level));
        }
        switch (format) {
            case html -> FlameHtml.write(Path.of(idOrFile).getFileName().toString(), trees, out);
            case collapsed -> Collapsed.write(trees.get(0), out);
            case json -> {
                FlameJson.write(trees.get(0).cut(nodes), out);
                out.write('\n');
            }
        }
    }
}
