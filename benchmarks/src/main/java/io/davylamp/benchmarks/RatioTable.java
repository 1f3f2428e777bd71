package io.davylamp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of {@code docs/performance.md} that is made from the file of {@code ./davy bench all --docs}. */
final class RatioTable {
    /** The last run whose ratios the documentation shows. */
    static final Path RECORD = Path.of("benchmarks/ratios.tsv");

    static final Path PAGE = Path.of("docs/performance.md");

    private static final String BEGIN = "<!-- ratios of ./davy bench all -->";
    private static final String END = "<!-- end of the ratios -->";

    private RatioTable() {}

    /** Replaces what stands between the two marks of {@code page}. */
    static void write(Path record, Path page) throws IOException {
        Files.writeString(page, filled(Files.readString(page), Files.readAllLines(record)));
    }

    /** Returns {@code page} with the table of {@code record}. */
    static String filled(String page, List<String> record) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has no \"" + BEGIN + "\" with \"" + END + "\" after it");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n\n" + markdown(record) + "\n" + page.substring(end);
    }

    /** A paragraph with what the figures were measured on, then a row for each ratio and a column for each recording. */
    private static String markdown(List<String> record) {
        Map<String, String> about = new LinkedHashMap<>();
        Map<String, String> recordings = new LinkedHashMap<>();
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (String line : record) {
            String[] fields = line.split("\t");
            if (line.startsWith("# ")) {
                about.put(fields[0].substring(2), fields[1]);
            } else if (!line.startsWith("benchmark\t")) {
                recordings.put(fields[1], megabytes(Long.parseLong(fields[2])));
                rows.computeIfAbsent("`" + fields[0] + "`: " + fields[3], row -> new LinkedHashMap<>())
                        .put(fields[1], String.format(Locale.ROOT, "%.2f", Double.parseDouble(fields[4])));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("Commit " + about.get("commit") + ", " + about.get("time") + ", " + about.get("machine") + ",");
        lines.add(about.get("jdk") + ":");
        lines.add("");
        StringBuilder head = new StringBuilder("| |");
        recordings.forEach((name, size) ->
                head.append(" `").append(name).append("`, ").append(size).append(" |"));
        lines.add(head.toString());
        lines.add("|---|" + "---|".repeat(recordings.size()));
        rows.forEach((what, ratios) -> {
            StringBuilder row = new StringBuilder("| " + what + " |");
            recordings
                    .keySet()
                    .forEach(name -> row.append(' ')
                            .append(ratios.getOrDefault(name, ""))
                            .append(" |"));
            lines.add(row.toString());
        });
        return String.join("\n", lines) + "\n";
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 10_000_000 ? "%.1f MB" : "%.0f MB", bytes / 1e6);
    }
}
