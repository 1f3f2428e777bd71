package io.davylamp.skywalking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What SkyWalking's page, Booster UI, draws: a menu and dashboards with what we have, the services and their profiling. Source:
 * the page's own data.
 */
final class Booster {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LAYER = "GENERAL";
    private static final String SERVICE_DASHBOARD = "General-Service";

    private Booster() {}

    static List<Map<String, Object>> menu() {
        return List.of(item(
                "General Service",
                "general_service",
                "",
                "Applications with an agent",
                "general_service",
                List.of(item(
                        "Services", null, LAYER, "Services and their JVMs", "general_service_services", List.of()))));
    }

    private static Map<String, Object> item(
            String title, String icon, String layer, String description, String key, List<Map<String, Object>> items) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("title", title);
        item.put("icon", icon);
        item.put("layer", layer);
        item.put("activate", true);
        item.put("description", description);
        item.put("documentLink", null);
        item.put("i18nKey", key);
        item.put("subItems", items);
        return item;
    }

    /**
     * Two dashboards: the services, and one service. The page puts the widgets of a dashboard's first tab on the screen before it
     * knows which service is meant, and a profiling widget asks for its tasks only once: it must stand in a tab that is opened
     * later, as in SkyWalking's own dashboards. A list of instances asks again when the service is known.
     */
    static List<Map<String, String>> templates() {
        Map<String, Object> root =
                dashboard("All", "General-Root", true, list("0", 48, "ServiceList", Map.of("showGroup", true)));
        root.put("path", "/General-Service/Services");
        Map<String, Object> tabs = widget("0", 48, "Tab");
        tabs.put(
                "children",
                List.of(
                        tab("Instances", list("0-0-0", 44, "InstanceList", Map.of())),
                        tab("Async Profiling", widget("0-1-0", 44, "AsyncProfiling"))));
        return List.of(
                template("davylamp-root", root),
                template("davylamp-service", dashboard("Service", SERVICE_DASHBOARD, false, tabs)));
    }

    private static Map<String, Object> dashboard(
            String entity, String name, boolean isRoot, Map<String, Object> child) {
        Map<String, Object> dashboard = new LinkedHashMap<>();
        dashboard.put("layer", LAYER);
        dashboard.put("entity", entity);
        dashboard.put("name", name);
        dashboard.put("isRoot", isRoot);
        dashboard.put("children", List.of(child));
        return dashboard;
    }

    private static Map<String, Object> tab(String name, Map<String, Object> child) {
        return Map.of("name", name, "children", List.of(child));
    }

    /** A widget that lists what there is, without metrics. */
    private static Map<String, Object> list(String id, int height, String graph, Map<String, Object> more) {
        Map<String, Object> look = new LinkedHashMap<>(more);
        look.put("type", graph);
        look.put("dashboardName", SERVICE_DASHBOARD);
        look.put("fontSize", 12);
        Map<String, Object> list = widget(id, height, "Widget");
        list.put("graph", look);
        list.put("expressions", List.of());
        list.put("subExpressions", List.of());
        list.put("metricConfig", List.of());
        return list;
    }

    /** @param id the numbers of its places, from the outermost: of the widget, of the tab in it, of the widget in that */
    private static Map<String, Object> widget(String id, int height, String type) {
        Map<String, Object> widget = new LinkedHashMap<>();
        widget.put("x", 0);
        widget.put("y", 0);
        widget.put("w", 24);
        widget.put("h", height);
        widget.put("i", id.substring(id.lastIndexOf('-') + 1));
        widget.put("id", id);
        widget.put("type", type);
        return widget;
    }

    private static Map<String, String> template(String id, Map<String, Object> configuration) {
        try {
            return Map.of("id", id, "configuration", JSON.writeValueAsString(configuration));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
