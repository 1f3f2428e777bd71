package io.davylamp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
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
        for (Map.Entry<String, List<String>> recording : RECORDINGS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .toList()) {
            Path file = folder.resolve(recording.getKey() + ".jfr").toAbsolutePath();
            Path log = folder.resolve(recording.getKey() + ".log");
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-agentpath:" + library.toAbsolutePath() + "=start,jfr,file=" + file + ","
                                    + recording.getValue().get(1),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Programs.class.getName(),
                            recording.getValue().get(0),
                            Integer.toString(seconds)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(recording.getKey() + " ended with " + process.exitValue() + ", see " + log);
            }
            Files.delete(log);
            System.out.printf("  %-16s %8.1f MB%n", recording.getKey(), Files.size(file) / 1e6);
        }
        Files.delete(library);
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
