package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.Measure;
import io.davylamp.profile.export.ViewRequest;
import io.davylamp.profile.view.Answer;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import io.davylamp.profile.vocabulary.Vocabulary;
import io.davylamp.profile.vocabulary.Vocabulary.Word;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * Options of every command that looks at profiles, and how they are answered: of files here, of tasks by the server, with the same
 * words and the same answer.
 */
final class Question {
    private static final ViewLimits LIMITS = new ViewLimits(10_000_000, 10_000_000, 10_000_000);

    private static final int PIECE_BYTES = 64 << 10;

    /** What the options of the vocabulary say, by their words. */
    private final Map<String, String> given = new HashMap<>();

    @Option(names = "--instance", paramLabel = "NAME", description = "of tasks: only this instance; may be repeated")
    List<String> instances = List.of();

    /** Gives every command that asks questions an option for each word of a query and each filter. */
    static void addOptions(CommandLine root) {
        for (CommandLine line : root.getSubcommands().values()) {
            for (CommandSpec mixin : line.getCommandSpec().mixins().values()) {
                if (mixin.userObject() instanceof Question question) {
                    Stream.of(Vocabulary.all().query(), Vocabulary.all().filters())
                            .flatMap(List::stream)
                            .forEach(word -> line.getCommandSpec().addOption(question.option(word)));
                }
            }
        }
    }

    private OptionSpec option(Word word) {
        OptionSpec.Builder option = OptionSpec.builder("--" + word.word())
                .description(word.meaning())
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        if (value == null || value.equals(false)) {
                            given.remove(word.word());
                        } else {
                            given.put(word.word(), value.toString());
                        }
                        return null;
                    }
                });
        return word.isFlag()
                ? option.type(boolean.class).arity("0").build()
                : option.type(String.class).arity("1").paramLabel(word.value()).build();
    }

    /** Whether the option of that word is given. */
    boolean has(String word) {
        return given.containsKey(word);
    }

    /** The same for a table that people read: the profiler's own samples are left out unless they are asked for. */
    Map<String, List<String>> parameters(Shared shared) {
        Map<String, List<String>> parameters = parameters();
        if (!has("overhead") && !shared.json) {
            put(parameters, "overhead", "hide");
        }
        return parameters;
    }

    /** What was left out because the profiler itself did it; nothing when there is nothing to say. */
    static void printOverhead(JsonNode answer) {
        printOverhead(
                answer.path("overhead").asLong(),
                answer.get("total").asLong(),
                answer.get("unit").asText());
    }

    static void printOverhead(long overhead, long total, String unit) {
        if (overhead > 0) {
            System.out.println("profiler overhead, not shown: " + Numbers.value(overhead, unit) + ", "
                    + Numbers.percent(overhead, total + overhead) + "; --overhead keep shows it");
        }
    }

    /** What the options say, by the names of the REST interface. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String word : Query.PARAMETERS) {
            put(parameters, word, given.get(word));
        }
        return parameters;
    }

    static void put(Map<String, List<String>> parameters, String name, Object value) {
        if (value != null) {
            parameters.put(name, List.of(value.toString()));
        }
    }

    /** The answer's bytes; see {@link #write}. */
    byte[] ask(
            Shared shared,
            ViewKind view,
            List<String> targets,
            List<String> baseline,
            Map<String, List<String>> parameters) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(shared, view, targets, baseline, parameters, out);
        return out.toByteArray();
    }

    /**
     * Writes the answer, of any length; what a budget cut of it is told.
     *
     * @param targets files, or ids of tasks
     * @param baseline what they are compared with; empty for nothing
     * @return what a budget cut, in words; null when the answer is whole
     */
    String write(
            Shared shared,
            ViewKind view,
            List<String> targets,
            List<String> baseline,
            Map<String, List<String>> parameters,
            OutputStream out) {
        List<String> all = new ArrayList<>(targets);
        all.addAll(baseline);
        if (!areFiles(all)) {
            requireValid(view, parameters);
            return askServer(shared.rest(), view, targets, baseline, parameters, out);
        }
        requireNoInstances();
        try {
            ViewRequest request = ViewRequest.of(view, new Parameters(parameters), LIMITS);
            StringBuilder title = new StringBuilder();
            for (String target : targets) {
                title.append(title.length() == 0 ? "" : ", ")
                        .append(Path.of(target).getFileName());
            }
            Profiles profiles = new Profiles(read(targets), read(baseline), Merges.NONE);
            String cut;
            try (Progress progress = Progress.quick("working out the answer")) {
                cut = request.write(profiles, title.toString(), out);
            }
            if (view == ViewKind.FLAME && request.format().isExport()) {
                Measure measure = profiles.comparedMeasure(given.get("measure"));
                warnOfLacking(measure.name(), profiles.lacking(measure), "");
                warnOfLacking(measure.name(), profiles.baselineLacking(measure), " of the baseline");
            }
            return cut;
        } catch (InvalidQueryException e) {
            throw refused(e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot answer: " + e);
        }
    }

    /** Returns the answer about files as it is, for those who need not write it; views that are tables only. */
    Answer answer(ViewKind view, List<String> targets, List<String> baseline, Map<String, List<String>> parameters) {
        requireNoInstances();
        try {
            ViewRequest request = ViewRequest.of(view, new Parameters(parameters), LIMITS);
            Profiles profiles = new Profiles(read(targets), read(baseline), Merges.NONE);
            Answer answer;
            try (Progress progress = Progress.quick("working out the answer")) {
                answer = request.answer(profiles);
            }
            Measure measure = profiles.comparedMeasure(given.get("measure"));
            warnOfLacking(measure.name(), profiles.lacking(measure), "");
            warnOfLacking(measure.name(), profiles.baselineLacking(measure), " of the baseline");
            return answer;
        } catch (InvalidQueryException e) {
            throw refused(e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot answer: " + e);
        }
    }

    private static CommandException refused(InvalidQueryException e) {
        return new CommandException(e.isUnknown() ? ExitCode.NOT_FOUND : ExitCode.USAGE, e.getMessage());
    }

    private void requireNoInstances() {
        if (!instances.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--instance is for tasks; a file is of one instance");
        }
    }

    /**
     * Whether all targets are files; if not, all are ids of tasks.
     *
     * @throws CommandException if some are files and some are not
     */
    static boolean areFiles(List<String> targets) {
        int files = 0;
        for (String target : targets) {
            files += LocalFile.is(target) ? 1 : 0;
        }
        if (files != 0 && files != targets.size()) {
            throw new CommandException(
                    ExitCode.USAGE, "either files or ids of tasks, not both: " + String.join(" ", targets));
        }
        return files != 0;
    }

    /** What is wrong for any profile is told without asking the server, and with the same code as of a file. */
    private static void requireValid(ViewKind view, Map<String, List<String>> parameters) {
        try {
            ViewRequest.of(view, new Parameters(parameters), LIMITS);
        } catch (InvalidQueryException e) {
            throw new CommandException(ExitCode.USAGE, e.getMessage());
        }
    }

    private static List<ProfileSource> read(List<String> files) {
        List<ProfileSource> read = new ArrayList<>();
        for (String file : files) {
            read.add(ProfileSource.of(Path.of(file).getFileName().toString(), LocalFile.read(file)));
        }
        return List.copyOf(read);
    }

    private String askServer(
            RestClient rest,
            ViewKind view,
            List<String> targets,
            List<String> baseline,
            Map<String, List<String>> parameters,
            OutputStream out) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("task", targets);
        all.put("instance", instances);
        all.put(Query.BASELINE + "task", baseline);
        all.putAll(parameters);
        String query = all.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> RestClient.encode(entry.getKey()) + "=" + RestClient.encode(value)))
                .collect(Collectors.joining("&"));
        HttpResponse<InputStream> answer = rest.open("/api/v1/profiles/" + view.word() + "?" + query);
        try (InputStream in = answer.body();
                Progress progress = Progress.quick("receiving the answer of " + rest.server())) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int n; (n = received(rest, in, piece)) >= 0; ) {
                out.write(piece, 0, n);
            }
            return answer.headers().firstValue("Davylamp-Cut").orElse(null);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot write: " + e);
        }
    }

    private static int received(RestClient rest, InputStream in, byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException e) {
            throw rest.unreachable(e);
        }
    }

    /** A table that is cut says so, where it does not get into anybody's data. */
    static void tellRest(JsonNode answer, String rows) {
        tellRest(answer.get(rows).size(), answer.get("rows").asInt(), rows);
    }

    static void tellRest(int shown, int all, String rows) {
        if (shown < all) {
            System.err.println("davy: " + shown + " of " + all + " " + rows + "; -n asks for more");
        }
    }

    JsonNode askJson(
            Shared shared,
            ViewKind view,
            List<String> targets,
            List<String> baseline,
            Map<String, List<String>> parameters) {
        String text = new String(ask(shared, view, targets, baseline, parameters), StandardCharsets.UTF_8);
        JsonNode answer = LocalFile.is(targets.get(0))
                ? RestClient.json(text)
                : shared.rest().parse(text);
        warnOfLacking(answer.path("measure").asText(), texts(answer.path("lacking")), "");
        warnOfLacking(answer.path("measure").asText(), texts(answer.path("baselineLacking")), " of the baseline");
        return answer;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    /** What was not recorded is not 0: a sum says nothing of it. */
    private static void warnOfLacking(String measure, List<String> instances, String which) {
        if (!instances.isEmpty()) {
            Terminal.say("davy: " + instances.size() + which + " did not record " + measure
                    + ", so the numbers say nothing of: " + String.join(", ", instances));
        }
    }
}
