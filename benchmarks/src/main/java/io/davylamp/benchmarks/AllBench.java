package io.davylamp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The benchmarks that compare with peers, or one way with another, one after the other; their ratios end in one file. */
final class AllBench {
    private static final String OWN = "small_spring_multi45.jfr";
    private static final int ROUNDS = 7;
    private static final int COLD_ROUNDS = 11;
    private static final int SHORT_ROUNDS = 3;
    private static final int SHORT_COLD_ROUNDS = 5;

    private AllBench() {}

    /**
     * @param arguments {@code all}, perhaps {@code --short}, perhaps {@code -o FILE} or {@code --docs}, and recordings; without any,
     *     one of the tests
     */
    static void run(String[] arguments) throws Exception {
        List<String> left = new ArrayList<>(Arrays.asList(arguments).subList(1, arguments.length));
        boolean isShort = left.remove("--short");
        boolean forDocs = left.remove("--docs");
        Path out = forDocs ? RatioTable.RECORD : Path.of("benchmarks/target/ratios.tsv");
        int option = left.indexOf("-o");
        if (option >= 0 && option + 1 < left.size()) {
            out = Path.of(left.get(option + 1));
            left.subList(option, option + 2).clear();
        }
        List<Path> files =
                left.isEmpty() ? List.of(own()) : left.stream().map(Path::of).toList();
        for (Path file : files) {
            Ratios.begin("cold", file);
            ColdBench.run(file, isShort ? SHORT_COLD_ROUNDS : COLD_ROUNDS);
            Ratios.begin("import", file);
            ImportBench.run(file, isShort ? SHORT_ROUNDS : ROUNDS);
            Ratios.begin("chunks", file);
            ImportBench.chunks(file, isShort ? SHORT_ROUNDS : ROUNDS);
            Ratios.begin("stored", file);
            StoredBench.run(file);
        }
        Ratios.print();
        Ratios.write(out);
        System.out.println(out);
        if (forDocs) {
            RatioTable.write(out, RatioTable.PAGE);
            System.out.println(RatioTable.PAGE);
        }
    }

    /** A recording of Spring under load, 1.5 MB, unpacked. */
    private static Path own() throws IOException {
        Path packed = Files.createTempDirectory("davylamp-bench").resolve(OWN + ".zst");
        try (InputStream in =
                Objects.requireNonNull(AllBench.class.getResourceAsStream("/recordings/" + OWN + ".zst"))) {
            Files.copy(in, packed);
        }
        Path file = Files.write(packed.resolveSibling(OWN), Corpus.bytes(packed));
        Files.delete(packed);
        file.toFile().deleteOnExit();
        file.getParent().toFile().deleteOnExit();
        return file;
    }
}
