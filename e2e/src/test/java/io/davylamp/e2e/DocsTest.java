package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every Markdown file of the repository is readable, its links lead somewhere, and what it names exists. */
class DocsTest {
    private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "node_modules", "davylamp-data");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern PATH_IN_TEXT = Pattern.compile("(?<![\\w/.-])docs/[\\w/.-]+\\.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TYPE = Pattern.compile("(?:([a-z0-9]+(?:\\.[a-z0-9]+)*)\\.)?([A-Z]\\w+)");
    private static final Pattern MEMBER = Pattern.compile("(?:([A-Z]\\w+)\\.(\\w+)|([a-z]\\w*)\\(\\))");
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9]+(\\.[a-z0-9]+)+");
    private static final Pattern FILE = Pattern.compile("[\\w./-]+\\.(md|ts|tsx|json|yaml|java|proto)");
    private static final Pattern COMMAND = Pattern.compile("\\./davy (?<bench>bench )?(?<command>[a-z][a-z-]*)");
    private static final Pattern DECLARATION =
            Pattern.compile("\\b(?:class|interface|record|enum|@interface|rpc|message|service)\\s+([A-Z]\\w*)");

    private static List<Path> files(Predicate<String> name) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(Rig.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_SOURCES.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (name.test(file.getFileName().toString())) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private static List<Path> markdown() throws IOException {
        return files(name -> name.endsWith(".md"));
    }

    private static String place(Path file, int line) {
        return Rig.ROOT.relativize(file) + ":" + line;
    }

    /** The lines of a file, with an empty line for each line of a code block, so that line numbers stay the same. */
    private static List<String> prose(Path file) throws IOException {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(file)) {
            boolean fence = line.strip().startsWith("```");
            code ^= fence;
            prose.add(code || fence ? "" : line);
        }
        return prose;
    }

    /** The anchors that GitHub makes of the headings of a file. */
    private static Set<String> anchors(Path file) throws IOException {
        return prose(file).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ +", "")
                        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Tables are excepted, and the changelog, in which an entry is one line. */
    @Test
    void linesOfMarkdownEndAt120Characters() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path file : markdown()) {
            List<String> lines = prose(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.length() > 120 && !line.startsWith("|") && !file.equals(Rig.ROOT.resolve("CHANGELOG.md"))) {
                    longer.add(place(file, i + 1) + " has " + line.length());
                }
            }
        }

        assertThat(longer).isEmpty();
    }

    @Test
    void everyLinkLeadsToAFileAndAHeadingOfIt() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path file : markdown()) {
            List<String> lines = prose(file);
            for (int i = 0; i < lines.size(); i++) {
                Matcher link = LINK.matcher(lines.get(i).replaceAll("`[^`]*`", ""));
                while (link.find()) {
                    String[] target = link.group(1).split("#", 2);
                    Path leadsTo = target[0].isEmpty() ? file : file.resolveSibling(target[0]);
                    boolean outside = target[0].matches("[a-z]+:.*");
                    if (!outside
                            && (!Files.exists(leadsTo)
                                    || target.length == 2 && !anchors(leadsTo).contains(target[1]))) {
                        dead.add(place(file, i + 1) + " " + link.group(1));
                    }
                }
                Matcher path = PATH_IN_TEXT.matcher(lines.get(i));
                while (path.find()) {
                    if (!Files.exists(Rig.ROOT.resolve(path.group()))) {
                        dead.add(place(file, i + 1) + " " + path.group());
                    }
                }
            }
        }

        assertThat(dead).isEmpty();
    }

    @Test
    void theCommandsOfTheProjectThatDocumentsNameExist() throws IOException {
        String script = Files.readString(Rig.ROOT.resolve("davy"));
        String commands = Files.readString(Rig.ROOT.resolve("docs/reference/cli.md"));
        String benchmarks =
                Files.readString(Rig.ROOT.resolve("benchmarks/src/main/java/io/davylamp/benchmarks/Bench.java"));
        Set<String> unknown = new TreeSet<>();
        for (Path file : markdown()) {
            Matcher named = COMMAND.matcher(Files.readString(file));
            while (named.find()) {
                String word = named.group("command");
                boolean exists = named.group("bench") != null
                        ? benchmarks.contains("./davy bench " + word + " ")
                        : script.contains("\n  " + word + ")") || commands.contains("`davy " + word);
                if (!exists) {
                    unknown.add(Rig.ROOT.relativize(file) + ": " + named.group());
                }
            }
        }

        assertThat(unknown).isEmpty();
    }

    /** Decisions begin with their problem instead, and the first page with what Davylamp is. */
    @Test
    void everyPageOfTheDocumentationBeginsWithWhatTheReaderCanDoAfterIt() throws IOException {
        List<String> without = new ArrayList<>();
        for (Path file : markdown()) {
            if (file.startsWith(Rig.ROOT.resolve("docs")) && !file.equals(Rig.ROOT.resolve("docs/index.md"))) {
                String begin = file.startsWith(Rig.ROOT.resolve("docs/adr"))
                        ? "\\*\\*[\\w ]+\\.\\*\\* "
                        : "After this page you ";
                if (!Pattern.compile("\\A# [^\n]+\n\n" + begin + "[^.]+\\.")
                        .matcher(Files.readString(file))
                        .find()) {
                    without.add(Rig.ROOT.relativize(file).toString());
                }
            }
        }

        assertThat(without).isEmpty();
    }

    /** Messages of ours have a blank in them; `…` stands for what varies. */
    @Test
    void theMessagesThatPeopleLookUpAreThoseOfTheProgram() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (Path file : files(name -> name.matches(".*\\.(java|tsx?)"))) {
            if (!file.toString().contains("/src/test/")) {
                sources.append(Files.readString(file)).append('\n');
            }
        }
        // A text over several lines is one.
        String said = Pattern.compile("\"\\s*\\+\\s*\"")
                .matcher(sources)
                .replaceAll("")
                .replace("\\\"", "\"");
        Set<String> unsaid = new TreeSet<>();
        int checked = 0;
        for (String line : Files.readAllLines(Rig.ROOT.resolve("docs/how-to/when-something-is-wrong.md"))) {
            Matcher named = CODE.matcher(line.startsWith("|") ? line.split("\\|")[1] : "");
            while (named.find()) {
                if (named.group(1).contains(" ") && !named.group(1).startsWith("davy ")) {
                    checked++;
                    for (String part : named.group(1).split("…")) {
                        if (!said.contains(part.strip())) {
                            unsaid.add(named.group(1) + ": " + part.strip());
                        }
                    }
                }
            }
        }

        assertThat(checked).isGreaterThan(25);
        assertThat(unsaid).isEmpty();
    }

    @Test
    void theHelpLinksOfThePageLeadToAPageOfTheDocumentationAndAHeadingOfIt() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path file : files(name -> name.endsWith(".tsx"))) {
            Matcher link = Pattern.compile("<Doc to=\"([^\"]*)\"").matcher(Files.readString(file));
            while (link.find()) {
                links++;
                String[] target = link.group(1).split("#", 2);
                String page = target[0].isEmpty() ? "index.md" : target[0].replaceFirst("\\.html$", ".md");
                Path leadsTo = Rig.ROOT.resolve(page.matches("[A-Z]+\\.md") ? page : "docs/" + page);
                if (!Files.exists(leadsTo)
                        || target.length == 2 && !anchors(leadsTo).contains(target[1])) {
                    dead.add(Rig.ROOT.relativize(file) + " " + link.group(1));
                }
            }
        }

        assertThat(links).isGreaterThan(5);
        assertThat(dead).isEmpty();
    }

    @Test
    void theRecipesNameFilesTypesAndPackagesThatExist() throws IOException {
        String contributing = Files.readString(Rig.ROOT.resolve("CONTRIBUTING.md"));
        Matcher recipes =
                Pattern.compile("\n## Recipes\n(.*?)\n## ", Pattern.DOTALL).matcher(contributing);
        assertThat(recipes.find()).isTrue();

        assertThat(missing(recipes.group(1))).isEmpty();
    }

    @Test
    void theArchitectureNamesFilesTypesAndPackagesThatExist() throws IOException {
        assertThat(missing(String.join("\n", prose(Rig.ROOT.resolve("ARCHITECTURE.md")))))
                .isEmpty();
    }

    /** The files, types, members of types and packages in backticks that do not exist. */
    private static Set<String> missing(String text) throws IOException {
        Set<String> files = new TreeSet<>();
        Map<String, String> types = new TreeMap<>();
        Set<String> packages = new TreeSet<>();
        StringBuilder sources = new StringBuilder();
        for (Path file : files(FILE.asMatchPredicate())) {
            String path = Rig.ROOT.relativize(file).toString();
            files.add(path);
            files.add(file.getFileName().toString());
            if (path.endsWith(".java") || path.endsWith(".proto")) {
                String name = packageOf(path);
                packages.add(name);
                String source = Files.readString(file);
                sources.append(source);
                Matcher declaration = DECLARATION.matcher(source);
                while (declaration.find()) {
                    types.put(name + "." + declaration.group(1), source);
                    types.merge(declaration.group(1), source, String::concat);
                }
            }
        }
        Set<String> missing = new TreeSet<>();
        Matcher named = CODE.matcher(text);
        while (named.find()) {
            String name = named.group(1);
            Matcher member = MEMBER.matcher(name);
            boolean exists;
            if (FILE.matcher(name).matches()) {
                exists = files.contains(name);
            } else if (TYPE.matcher(name).matches()) {
                exists = types.containsKey(name);
            } else if (member.matches()) {
                String called = member.group(2) == null ? member.group(3) : member.group(2);
                CharSequence source = member.group(1) == null ? sources : types.getOrDefault(member.group(1), "");
                exists = Pattern.compile("\\b" + called + "\\s*[({]")
                                .matcher(source)
                                .find()
                        || types.containsKey(called);
            } else {
                exists = !PACKAGE.matcher(name).matches() || packages.contains(name);
            }
            if (!exists) {
                missing.add(name);
            }
        }
        return missing;
    }

    private static String packageOf(String path) {
        Matcher folder =
                Pattern.compile(".*/(?:io/davylamp|src/main/proto)/(.+)/[^/]+").matcher(path);
        return folder.matches() ? folder.group(1).replace('/', '.') : "";
    }
}
