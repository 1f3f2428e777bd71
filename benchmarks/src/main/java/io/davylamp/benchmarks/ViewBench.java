package io.davylamp.benchmarks;

import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.export.ViewRequest;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** From a question to the bytes of its answer, as the server's door asks it, without HTTP. */
final class ViewBench {
    private static final ViewLimits LIMITS = new ViewLimits(200_000, 10_000, 1_000_000);

    private ViewBench() {}

    static int answer(ViewKind view, ProfileSource source, Map<String, List<String>> parameters) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        ViewRequest.of(view, new Parameters(parameters), LIMITS)
                .write(new Profiles(List.of(source), List.of(), Merges.NONE), "bench", out);
        return out.size();
    }

    static void run(Path recording, int rounds) throws Exception {
        Profile profile = JfrImport.read(SeekableBytes.of(Corpus.bytes(recording)));
        Path file = Files.createTempFile("davylamp-bench", ".dvlp");
        file.toFile().deleteOnExit();
        Files.write(file, StoredBench.stored(profile));
        Disk disk = Disk.of(file, "one");
        ProfileSource warm =
                ProfileSource.of("one", disk.load(disk.measures().get(0).measure(), null));
        long seconds = Math.max(4, profile.info().durationNanos() / 1_000_000_000L);
        String from = seconds / 4 + "s";
        String to = seconds / 2 + "s";
        System.out.printf(
                "%s: %d stack nodes, measure %s with %d samples; brush %s to %s of %d s%n",
                recording.getFileName(),
                profile.stackCount(),
                disk.measures().get(0).measure().name(),
                disk.measures().get(0).events(),
                from,
                to,
                seconds);
        // JSON is whole unless somebody asks for fewer: the page asks, and so do these questions.
        List<String> nodes = List.of("20000");
        Map<String, List<String>> whole = Map.of("nodes", nodes);
        Map<String, List<String>> brushed = Map.of("nodes", nodes, "from", List.of(from), "to", List.of(to));
        Map<String, List<String>> brush = Map.of("from", List.of(from), "to", List.of(to));
        Map<String, List<String>> reversed = Map.of("nodes", nodes, "reversed", List.of("true"));
        new Contest()
                .add("flame, cold from disk", rounds, () -> answer(ViewKind.FLAME, disk, whole))
                .add("flame, warm", rounds, () -> answer(ViewKind.FLAME, warm, whole))
                .add("flame, warm, brushed", rounds, () -> answer(ViewKind.FLAME, warm, brushed))
                .add("hot, warm, brushed", rounds, () -> answer(ViewKind.HOT, warm, brush))
                .add("timeline, warm", rounds, () -> answer(ViewKind.TIMELINE, warm, Map.of()))
                .add("threads, warm", rounds, () -> answer(ViewKind.THREADS, warm, Map.of()))
                .add("reversed, warm", rounds, () -> answer(ViewKind.FLAME, warm, reversed))
                .run();
    }
}
