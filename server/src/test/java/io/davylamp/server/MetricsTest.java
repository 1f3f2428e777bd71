package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.davylamp.server.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a running server beside what documents and the dashboard say of them. */
class MetricsTest {
    private static final Path PAGE = Path.of("../docs/reference/metrics.md");
    private static final Path DASHBOARD = Path.of("../docs/reference/grafana-davylamp.json");
    private static final Pattern METRIC = Pattern.compile("\\b(davylamp|jvm|process)_[a-z_]+");
    /** A server has them only after the first report that it did not take. */
    private static final Set<String> LATER = Set.of("davylamp_skywalking_refused_total");

    @TempDir
    static Path folder;

    private static ServerRig rig;
    private static Set<String> measured;

    @BeforeAll
    static void start() throws Exception {
        rig = new ServerRig(folder, "agent.token=t");
        rig.get("/api/v1/services");
        String text = rig.get("/metrics").body();
        measured = new TreeSet<>(LATER);
        for (String line : text.split("\n")) {
            if (!line.startsWith("#")) {
                measured.add(line.split("[{ ]", 2)[0]);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            // A prefix of a library's metrics, such as jvm_, is no name.
            if (!matcher.group().endsWith("_")) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    @Test
    void theDashboardAsksForMetricsThatAServerHas() throws Exception {
        Set<String> asked = new TreeSet<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                asked.addAll(metrics(target.get("expr").asText()));
            }
        }

        assertThat(asked).hasSizeGreaterThan(15);
        assertThat(measured).containsAll(asked);
    }

    @Test
    void thePageNamesMetricsThatAServerHas() throws Exception {
        Set<String> named = metrics(Files.readString(PAGE)).stream()
                .map(name -> measured.contains(name + "_count") ? name + "_count" : name)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(measured).containsAll(named);
    }

    @Test
    void thePageNamesEveryPartThatAServerLooksAt() throws Exception {
        String page = Files.readString(PAGE);

        for (JsonNode part : ServerRig.json(rig.get("/ready")).get("health")) {
            assertThat(page).contains("| `" + part.get("name").asText() + "` |");
        }
    }

    @Test
    void thePageNamesTheSettingsThatShouldBeEqual() throws Exception {
        String page = Files.readString(PAGE).replace('\n', ' ');

        String shared = Arrays.stream(Setting.values())
                .filter(Setting::isShared)
                .map(setting -> "`" + setting.key() + "`")
                .collect(Collectors.joining(", "));
        assertThat(page).contains("should be equal on all servers: " + shared + ".");
    }
}
