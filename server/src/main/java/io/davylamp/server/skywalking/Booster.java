package io.davylamp.server.skywalking;

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

    static List<Map<String, String>> templates() {
        Map<String, Object> services = widget(48, "ServiceList");
        services.put(
                "graph",
                Map.of("type", "ServiceList", "dashboardName", SERVICE_DASHBOARD, "fontSize", 12, "showGroup", true));
        services.put("type", "Widget");
        services.put("expressions", List.of());
        services.put("subExpressions", List.of());
        services.put("metricConfig", List.of());
        Map<String, Object> root = dashboard("All", "General-Root", true, services);
        root.put("path", "/General-Service/Services");
        Map<String, Object> service = dashboard("Service", SERVICE_DASHBOARD, false, widget(46, "AsyncProfiling"));
        return List.of(template("davylamp-root", root), template("davylamp-service", service));
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

    private static Map<String, Object> widget(int height, String type) {
        Map<String, Object> widget = new LinkedHashMap<>();
        widget.put("x", 0);
        widget.put("y", 0);
        widget.put("w", 24);
        widget.put("h", height);
        widget.put("i", "0");
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
