package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.davylamp.stockagent.StockAgent;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SkyWalking's page, Booster UI 10.4.0, from its start to three flame graphs: its requests in the order in which it made them when
 * it was driven in a browser against this server, each with what the page took from earlier answers, and what it does with each.
 */
class BoosterWalkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "shop";

    @TempDir
    Path folder;

    private StockFleet fleet;

    private JsonNode ask(String query, Object variables) throws Exception {
        return fleet.data(query, variables);
    }

    /** The page's names for what can be analysed, from those of a task's events. */
    private static List<String> offered(JsonNode events) {
        List<String> offered = new ArrayList<>();
        for (JsonNode event : events) {
            switch (event.asText()) {
                case "ALLOC" ->
                    offered.addAll(List.of("OBJECT_ALLOCATION_IN_NEW_TLAB", "OBJECT_ALLOCATION_OUTSIDE_TLAB"));
                case "LOCK" -> offered.add("LOCK");
                default -> offered.add("EXECUTION_SAMPLE");
            }
        }
        return offered;
    }

    @Test
    void aUserComesFromTheStartPageToFlameGraphs() throws Exception {
        try (ServerRig rig = new ServerRig(folder);
                StockFleet opened = new StockFleet(rig)) {
            fleet = opened;
            StockAgent agent = fleet.agent(SERVICE, "i-1");
            agent.reportProperties().get(20, TimeUnit.SECONDS);
            agent.poll().get(20, TimeUnit.SECONDS);

            // The page starts.
            JsonNode menu = ask(
                            "query menuItems { getMenuItems { title icon layer activate description documentLink i18nKey"
                                    + " subItems { title icon layer activate description documentLink i18nKey } } }",
                            null)
                    .at("/getMenuItems/0/subItems/0");
            ask("query queryOAPTimeInfo { getTimeInfo { timezone currentTimestamp } }", null);
            ask("query version { version }", null);
            ask("query queryHasQueryTracesV2Support { hasQueryTracesV2Support }", null);
            ask("query MetricsTTL {getMetricsTTL { minute hour day coldMinute coldHour coldDay }}", null);
            JsonNode templates = ask("query templates { getAllTemplates { id, configuration, } }", null)
                    .get("getAllTemplates");
            ask(
                    "query RecordsTTL {getRecordsTTL { normal trace zipkinTrace log browserErrorLog coldNormal coldTrace"
                            + " coldZipkinTrace coldLog coldBrowserErrorLog }}",
                    null);

            // The root dashboard lists the services of the menu's layer.
            JsonNode root = JSON.readTree(templates.get(0).get("configuration").asText());
            assertThat(root.get("isRoot").asBoolean()).isTrue();
            String services = "query queryServices($layer: String!) { services: listServices(layer: $layer) { id"
                    + " value: name label: name group layers normal shortName } }";
            Map<String, Object> layer = Map.of("layer", menu.get("layer").asText());
            JsonNode service = ask(services, layer).at("/services/0");
            assertThat(service.get("value").asText()).isEqualTo(SERVICE);

            // A click on one opens the dashboard that the list names. Its first tab is on the screen before the
            // services are
            // there again, so nothing in it may ask for one only when it is put there; what asks then is in a later
            // tab.
            JsonNode dashboard =
                    JSON.readTree(templates.get(1).get("configuration").asText());
            assertThat(dashboard.get("name")).isEqualTo(root.at("/children/0/graph/dashboardName"));
            assertThat(dashboard.get("layer")).isEqualTo(menu.get("layer"));
            assertThat(dashboard.get("children")).hasSize(1);
            assertThat(dashboard.at("/children/0/type").asText()).isEqualTo("Tab");
            JsonNode tabs = dashboard.at("/children/0/children");
            assertThat(tabs.at("/0/children/0/graph/type").asText()).isEqualTo("InstanceList");
            assertThat(tabs.get(0).toString()).doesNotContain("AsyncProfiling");
            assertThat(tabs.at("/1/children/0/type").asText()).isEqualTo("AsyncProfiling");
            assertThat(List.of(root, dashboard, tabs.get(0), tabs.get(1)))
                    .allSatisfy(each -> assertThat(each.get("children")).isNotEmpty());
            String serviceId = ask(services, layer).at("/services/0/id").asText();
            DateTimeFormatter minute = DateTimeFormatter.ofPattern("uuuu-MM-dd HHmm");
            LocalDateTime now = LocalDateTime.now();
            String instances =
                    "query queryInstances($serviceId: ID!, $duration: Duration!) { pods: listInstances(duration:"
                            + " $duration, serviceId: $serviceId) { id value: name label: name language instanceUUID attributes"
                            + " { name value } } }";
            Map<String, Object> lately = Map.of(
                    "serviceId",
                    serviceId,
                    "duration",
                    Map.of(
                            "start",
                            now.minusMinutes(30).format(minute),
                            "end",
                            now.plusMinutes(1).format(minute),
                            "step",
                            "MINUTE",
                            "coldStage",
                            false));
            assertThat(ask(instances, lately).get("pods")).hasSize(1);

            // A click on the profiling tab.
            JsonNode pod = ask(instances, lately).at("/pods/0");
            String list = "query getAsyncTaskList($request: AsyncProfilerTaskListRequest!) { asyncTaskList:"
                    + " queryAsyncProfilerTaskList(request: $request) { errorReason tasks { id serviceId"
                    + " serviceInstanceIds createTime events duration execArgs } } }";
            Map<String, Object> ofService = Map.of("request", Map.of("serviceId", serviceId, "limit", 10_000));
            assertThat(ask(list, ofService).at("/asyncTaskList/tasks")).isEmpty();

            // A new task; the page sends a duration as it was typed. Then it lists the tasks again.
            JsonNode created = ask(
                            "mutation createAsyncProfileTask($asyncProfilerTaskCreationRequest:"
                                    + " AsyncProfilerTaskCreationRequest!) { task: createAsyncProfilerTask("
                                    + "asyncProfilerTaskCreationRequest: $asyncProfilerTaskCreationRequest) { id"
                                    + " errorReason code } }",
                            Map.of(
                                    "asyncProfilerTaskCreationRequest",
                                    Map.of(
                                            "serviceId",
                                            serviceId,
                                            "serviceInstanceIds",
                                            List.of(pod.get("id").asText()),
                                            "duration",
                                            "1",
                                            "events",
                                            List.of("CPU", "ALLOC", "LOCK"),
                                            "execArgs",
                                            "")))
                    .get("task");
            assertThat(created.get("code").asText()).isEqualTo("SUCCESS");
            JsonNode task = ask(list, ofService).at("/asyncTaskList/tasks/0");
            assertThat(task.get("id")).isEqualTo(created.get("id"));
            agent.keepAlive().get(20, TimeUnit.SECONDS);
            fleet.awaitState(task.get("id").asText(), "READY");

            // A click on the task: a variable of another name than the one that is declared.
            JsonNode progress = ask(
                            "query getAsyncProfileTaskProcess($taskId: String!) { taskProgress:"
                                    + " queryAsyncProfilerTaskProgress(taskId: $taskId) { logs { id instanceId"
                                    + " instanceName operationType operationTime } errorInstanceIds successInstanceIds"
                                    + " } }",
                            Map.of("taskID", task.get("id").asText()))
                    .get("taskProgress");
            assertThat(progress.get("successInstanceIds"))
                    .as("those that can be chosen are also among the instances")
                    .containsExactly(pod.get("id"));

            // Every event that the page offers, with the only instance chosen.
            List<String> types = offered(task.get("events"));
            assertThat(types).hasSize(4);
            for (String type : types) {
                JsonNode tree = ask(
                                "query getAsyncProfileAnalyze($request: AsyncProfilerAnalyzationRequest!) {"
                                        + " analysisResult: queryAsyncProfilerAnalyze(request: $request) { tree { type"
                                        + " elements { id parentId symbol: codeSignature dumpCount: total self } } } }",
                                Map.of(
                                        "request",
                                        Map.of(
                                                "instanceIds",
                                                List.of(pod.get("id").asText()),
                                                "taskId",
                                                task.get("id").asText(),
                                                "eventType",
                                                type)))
                        .at("/analysisResult/tree");
                assertThat(tree.get("type").asText()).isEqualTo(type);
                assertThat(StreamSupport.stream(tree.get("elements").spliterator(), false)
                                .filter(element ->
                                        element.get("parentId").asText().equals("-1")))
                        .as("roots of " + type)
                        .hasSize(1);
                assertThat(tree.get("elements").findValuesAsText("symbol")).doesNotContainNull();
            }
        }
    }
}
