package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.ServiceConfig;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.v1.AgentServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route, field and call has a permission in docs/reference/access.md, and every route asks for it. */
final class PermissionsTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (.+) \\|$", Pattern.MULTILINE);

    @TempDir
    static Path folder;

    private static ServerRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new ServerRig(folder, "access.users=true");
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
    }

    /** The permissions of a section, by what needs them. */
    private static Map<String, String> listed(String section) throws IOException {
        String text = Files.readString(Path.of("../docs/reference/access.md"));
        int from = text.indexOf("## " + section + "\n");
        assertThat(from).as(section).isPositive();
        int to = text.indexOf("\n## ", from);
        Map<String, String> rows = new TreeMap<>();
        Matcher row = ROW.matcher(text.substring(from, to < 0 ? text.length() : to));
        while (row.find()) {
            rows.put(row.group(1), row.group(2));
        }
        return rows;
    }

    /** Method and path of every route of REST. */
    static Set<String> served(ServerRig of) {
        Set<String> served = new TreeSet<>();
        for (ServiceConfig config : of.server.http().serviceConfigs()) {
            String path = config.route().patternString().replaceAll(":([a-z]+)", "{$1}");
            if (path.startsWith("/api/")) {
                for (HttpMethod method : config.route().methods()) {
                    boolean file = path.endsWith(".yaml") && method != HttpMethod.GET;
                    if (Set.of("GET", "POST", "PUT", "PATCH", "DELETE").contains(method.name()) && !file) {
                        served.add(method + " " + path);
                    }
                }
            }
        }
        return served;
    }

    @Test
    void everyRouteHasAPermission() throws IOException {
        Set<String> listed = new TreeSet<>(listed("Routes").keySet());
        listed.removeIf(row -> !row.contains(" /api/"));

        assertThat(served(rig)).isEqualTo(listed);
    }

    @Test
    void everyRouteButThoseForEverybodyAsksWhoComes() throws Exception {
        Map<String, String> listed = listed("Routes");
        listed.remove("/ui/");
        for (Map.Entry<String, String> row : listed.entrySet()) {
            String[] route = row.getKey().split(" ");
            String path = route[1].replaceAll("\\{[a-z]+}", "x");
            int status = rig.send(
                            route[0],
                            path,
                            route[0].equals("POST") ? "{}" : null,
                            "Content-Type",
                            path.equals("/api/v1/files") && route[0].equals("POST")
                                    ? "application/octet-stream"
                                    : "application/json")
                    .statusCode();
            if (row.getValue().startsWith("everybody")) {
                assertThat(status).as(row.getKey()).isNotIn(401, 403, 500);
            } else {
                assertThat(status).as(row.getKey()).isEqualTo(401);
            }
        }
    }

    @Test
    void everyFieldOfGraphQlHasAPermission() throws IOException {
        Set<String> fields = new TreeSet<>();
        try (InputStream in = io.davylamp.skywalking.SkyWalking.class.getResourceAsStream("skywalking.graphqls")) {
            String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Matcher type = Pattern.compile("type (?:Query|Mutation) \\{(.*?)\\n}", Pattern.DOTALL)
                    .matcher(schema);
            while (type.find()) {
                String body = type.group(1).replaceAll("#[^\\n]*", "").replaceAll("(?s)\\(.*?\\)", "");
                Matcher field =
                        Pattern.compile("^\\s*(\\w+)\\s*:", Pattern.MULTILINE).matcher(body);
                while (field.find()) {
                    fields.add(field.group(1));
                }
            }
        }

        assertThat(fields)
                .hasSizeGreaterThan(20)
                .isEqualTo(listed("GraphQL fields").keySet());
    }

    @Test
    void everyCallOfAgentsHasAPermission() throws IOException {
        Set<String> calls = new TreeSet<>(Set.of("grpc.health.v1.Health/Check"));
        AgentServiceGrpc.getServiceDescriptor().getMethods().forEach(each -> calls.add(each.getFullMethodName()));
        AsyncProfilerTaskGrpc.getServiceDescriptor().getMethods().forEach(each -> calls.add(each.getFullMethodName()));

        assertThat(listed("Calls of agents").keySet()).isEqualTo(calls);
    }
}
