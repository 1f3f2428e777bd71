package io.davylamp.benchmarks;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
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
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * From the stored profiles of many instances to one flame graph. An instance is the recording with a random nine tenths of its
 * samples, so that no two have the same stacks and all have most of them in common, as instances of one service do.
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
                Profile one = sampled(profile, new Random(i));
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

    private static Profile sampled(Profile profile, Random random) {
        SortedMap<Measure, Samples> measures = new TreeMap<>();
        profile.measures().forEach((measure, samples) -> {
            List<Samples.Block> blocks = new ArrayList<>();
            for (Samples.Block block : samples.blocks()) {
                int n = 0;
                long[] time = new long[block.size()];
                int[] stack = new int[block.size()];
                int[] thread = new int[block.size()];
                byte[] state = new byte[block.size()];
                long[] value = new long[block.size()];
                for (int i = 0; i < block.size(); i++) {
                    if (random.nextInt(10) > 0) {
                        time[n] = block.timeNanos(i);
                        stack[n] = block.stack(i);
                        thread[n] = block.thread(i);
                        state[n] = block.state(i);
                        value[n++] = block.value(i);
                    }
                }
                blocks.add(new Samples.Block(n, time, stack, thread, state, value));
            }
            measures.put(measure, Samples.of(blocks));
        });
        return profile.with(measures);
    }
}
