package io.davylamp.benchmarks;

import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.jfr.JfrImport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import one.jfr.JfrReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Recording to profile in memory, one thread, warm: ours with every measure, times and threads; async-profiler's converter with
 * one collapsed output per measure, without times; and the plain scan of the same bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx2g", "-XX:+UseParallelGC"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class ImportBenchmark {
    @Param({"small_spring_multi45", "small_h2_cpu45"})
    private String recording;

    private Path file;
    private byte[] bytes;
    private Profile profile;

    @Setup(Level.Trial)
    public void load() throws IOException {
        file = Corpus.file(recording);
        bytes = Files.readAllBytes(file);
        profile = JfrImport.read(SeekableBytes.of(bytes));
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        ProfileCodec.write(profile, stored);
        long events = profile.measures().values().stream()
                .mapToLong(samples -> samples.size())
                .sum();
        System.out.printf(
                "%n%s: %d bytes, %d events, %d stack nodes; stored profile %d bytes, 1/%.1f of the recording, %.1f bytes per event%n",
                recording,
                bytes.length,
                events,
                profile.stackCount(),
                stored.size(),
                (double) bytes.length / stored.size(),
                (double) stored.size() / events);
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Files.delete(file);
    }

    @Benchmark
    public Profile davylamp() throws IOException {
        return JfrImport.read(SeekableBytes.of(bytes));
    }

    @Benchmark
    public int jfrConverter() throws IOException {
        int outputs = 0;
        for (String measure : new String[] {"--cpu", "--wall", "--alloc", "--lock"}) {
            try (JfrReader reader = new JfrReader(file.toString())) {
                Arguments arguments = new Arguments(measure, "--total", "-o", "collapsed");
                JfrToFlame flame = new JfrToFlame(reader, arguments);
                flame.convert();
                flame.dump(OutputStream.nullOutputStream());
                outputs++;
            }
        }
        return outputs;
    }

    @Benchmark
    public long varintScan() {
        return VarintScan.sum(bytes);
    }

    @Benchmark
    public int encode() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        ProfileCodec.write(profile, out);
        return out.size();
    }
}
