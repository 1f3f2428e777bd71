package io.davylamp.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./davy bench WHAT}: one command for each figure of docs/performance.md. All contenders of a comparison run in one process
 * by turns, so that whatever else the machine does hits them alike; medians and ratios are printed.
 */
public final class Bench {
    private static final String USAGE = """
            ./davy bench corpus FOLDER [SECONDS]   record real programs (H2, Lucene, Tomcat, javac) into FOLDER; 20 s each,
                                                   0.5 to 100 MB; 60 s give up to 300 MB
            ./davy bench judge FOLDER              every recording in FOLDER, also packed, counted by us and by the JDK's reader
            ./davy bench import FILE [ROUNDS]      recording to profile, beside JfrReader, jfr-converter, JMC, the JDK's reader and the scan
            ./davy bench chunks FILE [ROUNDS]      the same on one thread and on all, for a recording of eight copies of FILE
            ./davy bench stored FILE               bytes and times of the stored form
            ./davy bench views FILE [ROUNDS]       flame graph cold and warm, brushing, other views
            ./davy bench merge FILE [INSTANCES]    merge of stored profiles of many instances
            ./davy bench memory FILE [MB]          import with a heap of so many MB; 256
            ./davy bench all [--short] [-o FILE] [RECORDING...]   cold, import, chunks and stored for each recording; all ratios
                                                   end in one file, benchmarks/target/ratios.tsv
            ./davy bench all --docs RECORDING...   the same into benchmarks/ratios.tsv, and their table into docs/performance.md
            ./davy bench cold FILE [ROUNDS]        whole processes: davy flame and davy hot beside async-profiler's jfrconv; 9
            ./davy bench server FILE [MB]          the whole server with a heap of so many MB, on SQLite and files, PostgreSQL
                                                   and files, PostgreSQL and S3 by turns: upload, then HTTP; 256
            ./davy bench fresh FILE [ROUNDS] [OPTIONS...]   a server that has just started, with and without its archive
                                                   of classes and its rehearsal, or with other options of the JVM; 5
            ./davy bench stock-agents [N] [SECONDS] [postgresql]   N of SkyWalking's agents against a server of its own; 10000, 60
            ./davy bench cluster [N] [SECONDS] [FILE]   three servers on PostgreSQL and S3: N agents of both protocols, uploads
                                                   while a server is killed, questions; 10000, 60
            ./davy bench overhead [ROUNDS]         a web shop without the agent, with it idle, and while it is profiled; 12
            ./davy bench latency [ROUNDS]          from click to sampling, and what the agent adds to a JVM's start; 20
            ./davy bench soak [TASKS]              so many tasks in a row in one JVM: heap, threads, files, memory; 200
            ./davy bench migrate [ROWS]            start on a database of the first schema with so many rows, both kinds; 1000000
            ./davy bench page [NODES...]           the page in Chromium, with flame graphs of so many nodes; 100000 1000000
            ./davy bench page large [FILE]         the page with a large recording, 164 MB unless FILE is given: first picture,
                                                   scrolling, zooming, hovering, time order, layout shift
            FILE may be a recording, or NAME.jfr.zst""";

    private Bench() {}

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        if (arguments.length > 0 && arguments[0].equals("stock-agents")) {
            Machine.print(arguments);
            StockAgentsBench.run(
                    number(arguments, 1, 10_000),
                    number(arguments, 2, 60),
                    arguments.length > 3 && arguments[3].equals("postgresql"));
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("cluster")) {
            Machine.print(arguments);
            ClusterBench.run(
                    number(arguments, 1, 10_000),
                    number(arguments, 2, 60),
                    arguments.length > 3 ? Path.of(arguments[3]) : null);
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("overhead")) {
            Machine.print(arguments);
            OverheadBench.run(number(arguments, 1, 12));
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("latency")) {
            Machine.print(arguments);
            LatencyBench.run(number(arguments, 1, 20));
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("soak")) {
            Machine.print(arguments);
            SoakBench.run(number(arguments, 1, 200));
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("migrate")) {
            Machine.print(arguments);
            MigrateBench.run(number(arguments, 1, 1_000_000));
            // The database's threads stay.
            System.exit(0);
        }
        if (arguments.length > 0 && arguments[0].equals("page")) {
            Machine.print(arguments);
            if (arguments.length > 1 && arguments[1].equals("large")) {
                LargePageBench.run(arguments.length > 2 ? Path.of(arguments[2]) : null);
                return;
            }
            List<Integer> sizes =
                    Arrays.stream(arguments).skip(1).map(Integer::valueOf).toList();
            PageBench.run(sizes.isEmpty() ? List.of(100_000, 1_000_000) : sizes);
            return;
        }
        if (arguments.length > 0 && arguments[0].equals("all")) {
            Machine.print(arguments);
            AllBench.run(arguments);
            return;
        }
        if (arguments.length < 2) {
            System.out.println(USAGE);
            return;
        }
        Machine.print(arguments);
        Path file = Path.of(arguments[1]);
        int number = number(arguments, 2, 0);
        switch (arguments[0]) {
            case "corpus" -> CorpusRecorder.record(file, number == 0 ? 20 : number);
            case "judge" -> JudgeBench.run(file);
            case "import" -> ImportBench.run(file, number == 0 ? 7 : number);
            case "chunks" -> ImportBench.chunks(file, number == 0 ? 7 : number);
            case "stored" -> StoredBench.run(file);
            case "views" -> ViewBench.run(file, number == 0 ? 20 : number);
            case "merge" -> MergeBench.run(file, number == 0 ? 100 : number);
            case "cold" -> ColdBench.run(file, number == 0 ? 9 : number);
            case "server" -> ServerBench.run(file, number == 0 ? 256 : number);
            case "fresh" ->
                FreshBench.run(
                        file,
                        number == 0 ? 5 : number,
                        Arrays.asList(arguments).subList(Math.min(3, arguments.length), arguments.length));
            case "memory" -> MemoryBench.run(file, number == 0 ? 256 : number);
            case "memory-child" -> MemoryBench.child(file);
            default -> {
                System.err.println("davy: no benchmark \"" + String.join(" ", Arrays.asList(arguments)) + "\"");
                System.out.println(USAGE);
                System.exit(2);
            }
        }
    }
}
