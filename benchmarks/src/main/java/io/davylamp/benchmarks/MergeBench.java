package io.davylamp.benchmarks;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.SymbolTable;
import io.davylamp.profile.export.ViewRequest;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.view.Merges;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.view.ProfileSource;
import io.davylamp.profile.view.Profiles;
import io.davylamp.profile.view.ViewKind;
import io.davylamp.profile.view.ViewLimits;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * From the stored profiles of many instances to one flame graph. An instance is the recording with a random nine tenths of its
 * samples, begun at a random moment: no two have the same stacks, all have most of them in common, and each has met them in an
 * order of its own, as instances of one service do.
 */
final class MergeBench {
    private MergeBench() {}

    static void run(Path recording, int instances) throws Exception {
        Profile profile = JfrImport.read(SeekableBytes.of(Corpus.bytes(recording)));
        Path folder = Files.createTempDirectory("davylamp-merge");
        List<ProfileSource> sources = new ArrayList<>();
        int kinds = Math.min(instances, 20);
        for (int i = 0; i < instances; i++) {
            Path file = folder.resolve(i % kinds + ".dvlp");
            if (i < kinds) {
                Profile one = another(profile, new Random(i));
                Files.write(file, StoredBench.stored(one));
                file.toFile().deleteOnExit();
            }
            sources.add(Disk.of(file, "instance-" + i));
        }
        folder.toFile().deleteOnExit();
        long nodes = sources.get(0)
                .load(sources.get(0).measures().get(0).measure(), null)
                .stackCount();
        System.out.printf(
                "%d instances (%d different) of %s, %d stack nodes each; heap at most %d MB%n",
                instances,
                kinds,
                recording.getFileName(),
                nodes,
                Runtime.getRuntime().maxMemory() >> 20);
        for (int few : new int[] {Math.max(1, instances / 10), instances}) {
            List<ProfileSource> some = sources.subList(0, few);
            Map<String, Double> medians = new Contest()
                    .add("merge of " + few, 3, () -> {
                        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
                        ViewRequest.of(
                                        ViewKind.FLAME,
                                        new Parameters(Map.of()),
                                        new ViewLimits(200_000, 10_000, 1_000_000))
                                .write(new Profiles(some, List.of(), Merges.NONE), "bench", out);
                        return out.size();
                    })
                    .run();
            System.out.printf("  %.1f ms per instance%n", medians.get("merge of " + few) / few);
        }
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
        System.out.printf("  peak heap, sum of pools: %d MB%n", peak >> 20);
    }

    /** Another instance: it met the same stacks in another order, so that all its numbers are others. */
    private static Profile another(Profile profile, Random random) {
        ProfileBuilder builder = new ProfileBuilder(ProfileLimits.DEFAULT);
        Profile.Frames frames = profile.frames();
        Profile.Methods methods = profile.methods();
        int[] frame = new int[frames.size()];
        int[] node = new int[profile.stackCount()];
        long length = profile.info().durationNanos();
        long offset = (long) (random.nextDouble() * length);
        profile.measures().forEach((measure, samples) -> {
            record Row(Samples.Block block, int row, long time) {}
            List<Row> rows = new ArrayList<>();
            for (Samples.Block block : samples.blocks()) {
                for (int i = 0; i < block.size(); i++) {
                    if (random.nextInt(10) > 0) {
                        rows.add(new Row(block, i, Math.floorMod(block.timeNanos(i) - offset, Math.max(1, length))));
                    }
                }
            }
            rows.sort(Comparator.comparingLong(Row::time));
            Samples into = builder.samples(measure);
            for (Row row : rows) {
                IntArrayList path = new IntArrayList();
                for (int i = row.block.stack(row.row); i > 0; i = profile.stackParent()[i]) {
                    path.add(i);
                }
                int at = 0;
                for (int level = path.size() - 1; level >= 0; level--) {
                    int stack = path.getInt(level);
                    if (node[stack] == 0) {
                        int of = profile.stackFrame()[stack];
                        if (frame[of] == 0) {
                            int method = frames.method()[of];
                            SymbolTable symbols = profile.symbols();
                            frame[of] = 1
                                    + builder.frame(
                                            builder.method(
                                                    symbols.get(methods.rawClassName()[method]),
                                                    symbols.get(methods.className()[method]),
                                                    symbols.get(methods.name()[method])),
                                            frames.line()[of],
                                            FrameKind.ofCode(frames.kind()[of]));
                        }
                        node[stack] = builder.child(at, frame[of] - 1);
                    }
                    at = node[stack];
                }
                int thread = row.block.thread(row.row);
                Profile.Threads threads = profile.threads();
                builder.add(
                        into,
                        row.time,
                        at,
                        builder.thread(
                                threads.name()[thread],
                                threads.osId()[thread],
                                threads.javaId()[thread],
                                threads.virtual()[thread]),
                        builder.state(profile.states()[row.block.state(row.row)]),
                        row.block.value(row.row));
            }
        });
        return builder.build(profile.info());
    }
}
