package io.davylamp.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of code of a Markdown file, by the words behind their fence. Blocks of commands say whether a test runs them:
 *
 * <ul>
 *   <li>{@code sh run}: a test runs them, and they must end with 0
 *   <li>{@code sh run-until: TEXT}: a test runs them until they print that text, and stops them then
 *   <li>{@code sh not-run: REASON}: no test runs them
 * </ul>
 *
 * <p>A block {@code text} or {@code json} right below one that is run is what it prints. A number stands for any number, and {@code
 * ...} for whatever else varies.
 */
final class CommandBlocks {
    private static final Pattern FENCE = Pattern.compile("^( {0,3})(`{3,})([^`]*)$");
    private static final String UNTIL = "run-until: ";
    private static final String NOT_RUN = "not-run: ";

    private CommandBlocks() {}

    /**
     * One block.
     *
     * @param line of its fence, from 1
     * @param info the words behind the fence
     * @param printed what it prints; null where the file does not say
     */
    record Block(int line, String info, String text, String printed) {
        boolean isRun() {
            return info.equals("sh run");
        }

        /** The text until which it runs; empty for one that ends by itself. */
        String until() {
            return info.startsWith("sh " + UNTIL) ? info.substring(("sh " + UNTIL).length()) : "";
        }

        /** What is wrong with the words behind its fence; empty when they say enough. */
        String fault() {
            if (info.isEmpty()) {
                return "says not what it is: sh, text, yaml, ...";
            }
            if (!info.split(" ")[0].matches("sh|bash|console|shell")) {
                return "";
            }
            boolean said = isRun()
                    || !until().isBlank()
                    || info.startsWith("sh " + NOT_RUN)
                            && !info.substring(("sh " + NOT_RUN).length()).isBlank();
            return said ? "" : "says neither run, nor run-until: TEXT, nor not-run: REASON";
        }
    }

    static List<Block> of(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        boolean follows = false;
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                follows &= lines.get(i).isBlank();
                continue;
            }
            String info = fence.group(3).strip();
            int begin = i;
            StringBuilder text = new StringBuilder();
            for (i++; i < lines.size() && !lines.get(i).strip().equals(fence.group(2)); i++) {
                text.append(lines.get(i)
                                .substring(Math.min(
                                        fence.group(1).length(), lines.get(i).length())))
                        .append('\n');
            }
            Block block = new Block(begin + 1, info, text.toString(), null);
            if (follows && (info.equals("text") || info.equals("json"))) {
                Block of = blocks.remove(blocks.size() - 1);
                blocks.add(new Block(of.line(), of.info(), of.text(), block.text()));
            } else {
                blocks.add(block);
            }
            follows = block.isRun() || !block.until().isEmpty();
        }
        return blocks;
    }

    /** Whether somebody who reads `printed` finds it in what a command really printed. */
    static boolean shows(String printed, String real) {
        StringBuilder pattern = new StringBuilder();
        for (String part : even(printed).split("\\.\\.\\.", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*?").append(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL)
                .matcher(even(real))
                .matches();
    }

    /**
     * With one blank for several, because columns are as wide as what is in them, and one number for all. A line of three dots alone
     * stands for any lines.
     */
    private static String even(String text) {
        return text.replaceAll("[ \\t]+", " ")
                .replaceAll("[0-9]+(?:[.,][0-9]+)*", "0")
                .replaceAll("(?m)^ | $", "")
                .strip()
                .replaceAll("\\n\\.\\.\\.\\n", "...")
                .replaceAll("\\n\\.\\.\\.$", "...")
                .replaceAll("^\\.\\.\\.\\n", "...");
    }
}
