import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code java -cp 'HOME/lib/*' Notice.java HOME REST}: prints the file NOTICE of a distribution. It lists the libraries of
 * {@code HOME/sbom/*.cdx.json} by licence, without their versions, and ends with the file REST: what no dependency of Maven
 * tells, and the texts of licences. A component without a licence, or with one that is not known here, is an error.
 */
class Notice {
    /** The words of the libraries' own descriptions, as SPDX names them. What is not here nobody has looked at yet. */
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("Apache-2.0", "Apache-2.0"),
            Map.entry("Apache License, Version 2.0", "Apache-2.0"),
            Map.entry("Apache 2.0", "Apache-2.0"),
            Map.entry("BSD-2-Clause", "BSD-2-Clause"),
            Map.entry("BSD-3-Clause", "BSD-3-Clause"),
            Map.entry("BSD 2-Clause License", "BSD-2-Clause"),
            Map.entry("CC0-1.0", "CC0-1.0"),
            Map.entry("EPL-1.0", "EPL-1.0"),
            Map.entry("EPL-2.0", "EPL-2.0"),
            Map.entry("LGPL-2.1", "LGPL-2.1"),
            Map.entry("LGPL-2.1-only", "LGPL-2.1"),
            Map.entry("LGPL-2.1-or-later", "LGPL-2.1"),
            Map.entry("GNU Lesser General Public License", "LGPL-2.1"),
            Map.entry("ISC", "ISC"),
            Map.entry("MIT", "MIT"),
            Map.entry("MIT License", "MIT"),
            Map.entry("MIT-0", "MIT-0"));

    private static final int WIDTH = 100;

    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        StringBuilder notice = new StringBuilder(
                """
                Davylamp
                Copyright the authors of Davylamp. Apache License, Version 2.0; the file LICENSE has its text.

                What Davylamp brings of others. The files in sbom/ name versions and origins (CycloneDX).
                """);
        List<String> problems = new ArrayList<>();
        section(notice, "Server and command line, unchanged, in lib/; each jar has its own notices", home, "davylamp", problems);
        section(notice, "Agent, inside davylamp-agent.jar, shrunk and renamed", home, "davylamp-agent", problems);
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            System.exit(1);
        }
        notice.append('\n').append(Files.readString(Path.of(arguments[1])));
        System.out.write(notice.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static void section(StringBuilder notice, String title, Path home, String bom, List<String> problems)
            throws IOException {
        JsonNode components = new ObjectMapper()
                .readTree(home.resolve("sbom/" + bom + ".cdx.json").toFile())
                .path("components");
        Map<String, TreeSet<String>> byLicence = new TreeMap<>();
        for (JsonNode component : components) {
            if (!component.path("group").asText().equals("io.davylamp")) {
                byLicence
                        .computeIfAbsent(licences(component, problems), licence -> new TreeSet<>())
                        .add(component.path("group").asText() + ":" + component.path("name").asText());
            }
        }
        notice.append('\n').append(title).append('\n').append("-".repeat(title.length())).append('\n');
        byLicence.forEach((licence, names) -> {
            notice.append('\n').append(licence).append(":\n");
            StringBuilder line = new StringBuilder(" ");
            for (String name : names) {
                if (line.length() + name.length() + 2 > WIDTH) {
                    notice.append(line).append('\n');
                    line.setLength(1);
                }
                line.append(' ').append(name);
            }
            notice.append(line).append('\n');
        });
    }

    private static String licences(JsonNode component, List<String> problems) {
        TreeSet<String> all = new TreeSet<>();
        for (JsonNode each : component.path("licenses")) {
            String word = each.path("expression").asText();
            for (String field : new String[] {"id", "name"}) {
                if (word.isEmpty()) {
                    word = each.path("license").path(field).asText();
                }
            }
            String known = KNOWN.get(word);
            if (known == null) {
                problems.add(component.path("group").asText() + ":" + component.path("name").asText() + ": the licence \""
                        + word + "\" is not known to dist/src/notice/Notice.java: look at it, then add it there");
            } else {
                all.add(known);
            }
        }
        if (all.isEmpty()) {
            problems.add(component.path("group").asText() + ":" + component.path("name").asText() + " names no licence");
        }
        return String.join(" or ", all);
    }
}
