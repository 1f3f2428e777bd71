package io.davylamp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** Records real programs with async-profiler, each in a process of its own. Linux x64 and arm64. */
final class CorpusRecorder {
    /** Name of a recording: its program and the profiler's options. Finer intervals make larger files. */
    private static final Map<String, List<String>> RECORDINGS = Map.of(
            "small-h2", List.of("h2", "event=cpu,interval=10ms,alloc=512k,lock=1ms"),
            "medium-h2", List.of("h2", "event=cpu,interval=500us,alloc=8k,lock=10us,wall=10ms"),
            "medium-lucene", List.of("lucene", "event=cpu,interval=500us,alloc=4k,lock=10us"),
            "medium-tomcat", List.of("tomcat", "event=cpu,interval=500us,alloc=16k,lock=10us,wall=5ms"),
            "large-javac", List.of("javac", "event=cpu,interval=500us,alloc=32k"),
            "chunks-lucene", List.of("lucene", "event=cpu,interval=500us,alloc=8k,chunksize=2m"));

    private CorpusRecorder() {}

    static void record(Path folder, int seconds) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path library = library(folder);
        for (String name : RECORDINGS.keySet().stream().sorted().toList()) {
            Path file = record(library, folder, name, seconds);
            System.out.printf("  %-16s %8.1f MB%n", name, Files.size(file) / 1e6);
        }
        Files.delete(library);
    }

    /**
     * Makes a recording of a real program that is as large as asked for: its chunks stand in it several times.
     *
     * @param bytes at least
     */
    static Path large(Path folder, long bytes, int seconds) throws IOException, InterruptedException {
        Path library = library(folder);
        byte[] once = Files.readAllBytes(record(library, folder, "large-javac", seconds));
        Files.delete(library);
        Path large = folder.resolve("large.jfr");
        try (OutputStream out = Files.newOutputStream(large)) {
            for (long written = 0; written < bytes; written += once.length) {
                out.write(once);
            }
        }
        return large;
    }

    private static Path record(Path library, Path folder, String name, int seconds)
            throws IOException, InterruptedException {
        List<String> recording = RECORDINGS.get(name);
        Path file = folder.resolve(name + ".jfr").toAbsolutePath();
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-agentpath:" + library.toAbsolutePath() + "=start,jfr,file=" + file + "," + recording.get(1),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Programs.class.getName(),
                        recording.get(0),
                        Integer.toString(seconds)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(name + " ended with " + process.exitValue() + ", see " + log);
        }
        Files.delete(log);
        return file;
    }

    private static Path library(Path folder) throws IOException {
        String platform = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
        String name = "/" + platform + "/libasyncProfiler.so";
        try (InputStream in = CorpusRecorder.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("async-profiler has no " + name);
            }
            Path library = folder.resolve("libasyncProfiler.so");
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
            return library;
        }
    }
}
