package io.davylamp.skywalking;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.TypeRuntimeWiring;
import io.davylamp.core.access.Principal;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Services, instances, and what the page and the command line want to know of the server itself. */
final class MetadataQueries {
    private static final String LAYER = "GENERAL";
    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("xx", Locale.ROOT);

    private final Instances instances;
    private final Clock clock;
    private final ZoneId zone;
    private final String version;
    private final Duration kept;

    MetadataQueries(Instances instances, Clock clock, ZoneId zone, String version, Duration kept) {
        this.instances = instances;
        this.clock = clock;
        this.zone = zone;
        this.version = version;
        this.kept = kept;
    }

    void wire(TypeRuntimeWiring.Builder query, TypeRuntimeWiring.Builder mutation) {
        query.dataFetcher("version", environment -> "10.2.0-davylamp-" + version)
                .dataFetcher("getTimeInfo", environment -> timeInfo())
                .dataFetcher("checkHealth", environment -> Map.of("score", 0, "details", ""))
                .dataFetcher("getMetricsTTL", environment -> noMetrics())
                .dataFetcher("getRecordsTTL", environment -> records())
                .dataFetcher("hasQueryTracesV2Support", environment -> false)
                .dataFetcher("getMenuItems", environment -> Booster.menu())
                .dataFetcher("getAllTemplates", environment -> Booster.templates())
                .dataFetcher("getTemplate", environment -> template(environment.getArgument("id")))
                .dataFetcher("listLayers", environment -> List.of(LAYER))
                .dataFetcher("listLayerLevels", environment -> List.of(Map.of("layer", LAYER, "level", 1)))
                .dataFetcher(
                        "listServices",
                        environment ->
                                services(GraphQlDoor.caller(environment), environment.getArgument("layer"), null))
                .dataFetcher(
                        "getAllServices",
                        environment ->
                                services(GraphQlDoor.caller(environment), null, environment.getArgument("group")))
                .dataFetcher(
                        "findService",
                        environment -> find(GraphQlDoor.caller(environment), environment.getArgument("serviceName")))
                .dataFetcher(
                        "getService",
                        environment -> SkyWalkingIds.serviceName(environment.getArgument("serviceId"))
                                .map(name -> find(GraphQlDoor.caller(environment), name))
                                .orElse(null))
                .dataFetcher("listInstances", this::listInstances)
                .dataFetcher(
                        "getInstance",
                        environment -> SkyWalkingIds.instance((String) environment.getArgument("instanceId"))
                                .flatMap(id -> instances.find(GraphQlDoor.caller(environment), id.service(), id.name()))
                                .map(MetadataQueries::instance)
                                .orElse(null));
        mutation.dataFetcher("addTemplate", environment -> noTemplate(""))
                .dataFetcher(
                        "changeTemplate",
                        environment -> noTemplate(((Map<?, ?>) environment.getArgument("setting"))
                                .get("id")
                                .toString()))
                .dataFetcher("disableTemplate", environment -> noTemplate(environment.getArgument("id")));
    }

    private Map<String, Object> timeInfo() {
        return Map.of("timezone", ZONE.format(clock.instant().atZone(zone)), "currentTimestamp", clock.millis());
    }

    private static Map<String, Integer> noMetrics() {
        return Map.of(
                "metadata", -1,
                "minute", -1,
                "hour", -1,
                "day", -1,
                "coldMinute", -1,
                "coldHour", -1,
                "coldDay", -1);
    }

    private Map<String, Integer> records() {
        return Map.of(
                "normal", (int) Math.max(1, kept.toDays()),
                "trace", -1,
                "zipkinTrace", -1,
                "log", -1,
                "browserErrorLog", -1,
                "coldNormal", -1,
                "coldTrace", -1,
                "coldZipkinTrace", -1,
                "coldLog", -1,
                "coldBrowserErrorLog", -1);
    }

    private static Map<String, String> template(String id) {
        return Booster.templates().stream()
                .filter(template -> template.get("id").equals(id))
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Object> noTemplate(String id) {
        return Map.of(
                "id", id, "status", false, "message", "Davylamp's dashboards are fixed: what it shows is profiling");
    }

    private List<Map<String, Object>> services(Principal who, String layer, String group) {
        if (layer != null && !layer.isEmpty() && !layer.equals(LAYER)) {
            return List.of();
        }
        return instances.services(who).stream()
                .map(service -> service(service.name()))
                .filter(service -> group == null || group.isEmpty() || group.equals(service.get("group")))
                .toList();
    }

    private Map<String, Object> find(Principal who, String name) {
        return instances.ofService(who, name).isEmpty() ? null : service(name);
    }

    private static Map<String, Object> service(String name) {
        int colons = name.indexOf("::");
        return Map.of(
                "id",
                SkyWalkingIds.service(name),
                "name",
                name,
                "group",
                colons < 0 ? "" : name.substring(0, colons),
                "shortName",
                colons < 0 ? name : name.substring(colons + 2),
                "layers",
                List.of(LAYER),
                "normal",
                true);
    }

    private List<Map<String, Object>> listInstances(DataFetchingEnvironment environment) {
        Optional<String> service = SkyWalkingIds.serviceName(environment.getArgument("serviceId"));
        QueryTime time = QueryTime.of(environment.getArgument("duration"), zone);
        if (service.isEmpty() || time.isEmpty()) {
            return List.of();
        }
        return instances.ofService(GraphQlDoor.caller(environment), service.get()).stream()
                .filter(instance -> instances.lastSeenMillis(instance) >= time.startMillis()
                        && instance.firstSeenMillis() < time.endMillis())
                .map(MetadataQueries::instance)
                .toList();
    }

    private static Map<String, Object> instance(Instance instance) {
        String id = SkyWalkingIds.instance(instance.service(), instance.name());
        List<Map<String, String>> attributes = new ArrayList<>();
        instance.properties().forEach((name, value) -> {
            boolean isOurs = !instance.abilities().reports() && StockAgents.OUR_WORDS.containsValue(name);
            if (!name.equals("language") && !isOurs) {
                attributes.add(Map.of("name", name, "value", value));
            }
        });
        return Map.of(
                "id", id,
                "name", instance.name(),
                "attributes", attributes,
                "language", language(instance),
                "instanceUUID", id);
    }

    private static String language(Instance instance) {
        String said = instance.properties()
                .getOrDefault("language", instance.abilities().reports() ? "java" : "")
                .toLowerCase(Locale.ROOT);
        return switch (said) {
            case "java", "nodejs", "python", "ruby", "go", "lua", "php" -> said.toUpperCase(Locale.ROOT);
            case ".net" -> "DOTNET";
            default -> "UNKNOWN";
        };
    }
}
