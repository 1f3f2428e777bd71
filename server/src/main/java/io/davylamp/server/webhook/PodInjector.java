package io.davylamp.server.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Computes the JSON patch that brings the agent into a pod. It only adds, except to the variable that names the agent, whose value
 * it keeps in front. What it cannot add without a risk for the pod it leaves out, with a warning. Thread-safe.
 *
 * <p>Source: the Kubernetes API reference, Pod v1; RFC 6902; JVM Tool Interface, JAVA_TOOL_OPTIONS.
 */
final class PodInjector {
    static final String INJECT = "davylamp.io/inject";
    static final String INJECTED = "davylamp.io/injected";
    static final String CONTAINERS = "davylamp.io/containers";
    static final String SERVICE = "davylamp.io/service";
    static final String SERVER = "davylamp.io/server";
    static final String LABELS = "davylamp.io/labels";
    static final String TOKEN_SECRET = "davylamp.io/token-secret";
    static final String VARIABLE = "davylamp.io/variable";

    /** The name of the volume and of the init container. */
    static final String NAME = "davylamp-agent";

    private static final String CA_VOLUME = "davylamp-ca";
    private static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";
    /** Read by HotSpot after {@value #TOOL_OPTIONS}, which a ConfigMap may set without our seeing it. */
    private static final String HOTSPOT_OPTIONS = "_JAVA_OPTIONS";

    private static final String OPTION = "-javaagent:" + Injection.JAR;
    private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern CRON_TIME = Pattern.compile("-[0-9]{8,}$");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Injection injection;

    PodInjector(Injection injection) {
        this.injection = injection;
    }

    /**
     * What to do with a pod.
     *
     * @param patch RFC 6902; empty to leave the pod as it is
     * @param warnings sentences for who created the pod
     * @param done what was decided, for the log
     */
    record Outcome(ArrayNode patch, List<String> warnings, String done) {
        static Outcome left(String why, List<String> warnings) {
            return new Outcome(JSON.arrayNode(), warnings, "left as it is: " + why);
        }
    }

    /** One container that gets the agent, and where it is in the pod. */
    private record Target(String pointer, String name, JsonNode container) {}

    /** @param all whether pods that ask for nothing get the agent, too */
    Outcome outcome(JsonNode pod, boolean all) {
        JsonNode spec = pod.path("spec");
        JsonNode annotations = pod.path("metadata").path("annotations");
        if (!pod.path("metadata").isObject() || !spec.isObject()) {
            return Outcome.left("it has no metadata or no spec", List.of());
        }
        String asked = annotations
                .path(INJECT)
                .asText(pod.path("metadata").path("labels").path(INJECT).asText(""));
        if (!asked.equals("true") && (!all || asked.equals("false"))) {
            return Outcome.left(INJECT + " is " + (asked.isEmpty() ? "not set" : "not true"), List.of());
        }
        if (annotations.has(INJECTED) || has(spec.path("initContainers"), NAME) || has(spec.path("volumes"), NAME)) {
            return Outcome.left("it has the agent already", List.of());
        }
        if (annotations.has(MIRROR)) {
            return Outcome.left("it mirrors a static pod, which nobody can change", List.of());
        }
        if (spec.path("os").path("name").asText().equals("windows")) {
            return Outcome.left("it runs on Windows", List.of("the agent needs Linux, so this pod has no agent"));
        }
        List<String> warnings = new ArrayList<>();
        List<Target> targets = targets(spec, annotations, warnings);
        ArrayNode patch = JSON.arrayNode();
        List<Target> injected = new ArrayList<>();
        for (Target target : targets) {
            if (inject(target, pod, targets.size() > 1, patch, warnings)) {
                injected.add(target);
            }
        }
        if (injected.isEmpty()) {
            return Outcome.left("no container can get the agent", warnings);
        }
        append(patch, spec, "/spec", "volumes", volumes());
        // In front: the chosen containers may be init containers. It moves the places of all others, so it comes last.
        JsonNode before = spec.path("initContainers");
        ObjectNode first = copier(spec, injected.get(0).container());
        if (before.isArray()) {
            add(patch, "/spec/initContainers/0", first);
        } else {
            add(patch, "/spec/initContainers", JSON.arrayNode().add(first));
        }
        String names = injected.stream().map(Target::name).collect(Collectors.joining(","));
        if (annotations.isObject()) {
            add(patch, "/metadata/annotations/" + INJECTED.replace("/", "~1"), JSON.textNode(names));
        } else {
            add(patch, "/metadata/annotations", JSON.objectNode().put(INJECTED, names));
        }
        return new Outcome(patch, warnings, "the agent goes into " + names);
    }

    /** Those that the pod names; else the one that kubectl takes by default; else the first. */
    private static List<Target> targets(JsonNode spec, JsonNode annotations, List<String> warnings) {
        Map<String, Target> known = new HashMap<>();
        List<Target> regular = new ArrayList<>();
        for (String list : new String[] {"initContainers", "containers"}) {
            JsonNode containers = spec.path(list);
            for (int i = 0; i < containers.size(); i++) {
                JsonNode container = containers.path(i);
                Target target = new Target(
                        "/spec/" + list + "/" + i, container.path("name").asText(), container);
                if (container.isObject() && containers.isArray()) {
                    known.put(target.name(), target);
                    if (list.equals("containers")) {
                        regular.add(target);
                    }
                }
            }
        }
        String named = annotations.path(CONTAINERS).asText("").trim();
        if (named.equals("*")) {
            return regular;
        }
        if (named.isEmpty()) {
            Target usual = known.get(annotations.path(DEFAULT_CONTAINER).asText(""));
            return usual != null ? List.of(usual) : regular.stream().limit(1).toList();
        }
        Set<String> names = new LinkedHashSet<>(List.of(SEPARATOR.split(named)));
        List<Target> targets = new ArrayList<>();
        for (String name : names) {
            Target target = known.get(name);
            if (target == null) {
                warnings.add(CONTAINERS + " names " + quoted(name) + ", but the pod has no such container");
            } else {
                targets.add(target);
            }
        }
        return targets;
    }

    /** Adds the operations for one container; false when it cannot get the agent without a risk. */
    private boolean inject(Target target, JsonNode pod, boolean several, ArrayNode patch, List<String> warnings) {
        JsonNode container = target.container();
        JsonNode annotations = pod.path("metadata").path("annotations");
        for (JsonNode mount : container.path("volumeMounts")) {
            String path = mount.path("mountPath").asText();
            if (path.equals(Injection.FOLDER) || path.startsWith(Injection.FOLDER + "/")) {
                warnings.add("container " + target.name() + " mounts " + quoted(path) + ", where the agent would be; "
                        + "it gets no agent");
                return false;
            }
        }
        JsonNode env = container.path("env");
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < env.size(); i++) {
            places.put(env.path(i).path("name").asText(), i);
        }
        String variable = annotations.path(VARIABLE).asText("");
        if (variable.isEmpty()) {
            boolean mayBeSetUnseen = !places.containsKey(TOOL_OPTIONS)
                    && !container.path("envFrom").isEmpty();
            variable = mayBeSetUnseen ? HOTSPOT_OPTIONS : TOOL_OPTIONS;
        } else if (!VARIABLE_NAME.matcher(variable).matches()) {
            warnings.add(VARIABLE + " is " + quoted(variable) + ", which is no name of a variable; container "
                    + target.name() + " gets no agent");
            return false;
        }
        ArrayNode added = JSON.arrayNode();
        if (!putOption(target, env, places, variable, patch, added, warnings)) {
            return false;
        }
        variables(target, pod, several).forEach(each -> {
            if (!places.containsKey(each.path("name").asText())) {
                added.add(each);
            }
        });
        append(patch, container, target.pointer(), "env", added);
        ArrayNode mounts = JSON.arrayNode().add(mount(NAME, Injection.FOLDER));
        if (!injection.caConfigMap().isEmpty()) {
            mounts.add(mount(CA_VOLUME, Injection.CA_FOLDER).put("readOnly", true));
        }
        append(patch, container, target.pointer(), "volumeMounts", mounts);
        return true;
    }

    /** Names the agent in the variable, behind what the pod has there. */
    private static boolean putOption(
            Target target,
            JsonNode env,
            Map<String, Integer> places,
            String variable,
            ArrayNode patch,
            ArrayNode added,
            List<String> warnings) {
        Integer place = places.get(variable);
        if (place == null) {
            added.add(variable(variable, OPTION));
            return true;
        }
        JsonNode entry = env.path(place);
        String at = target.pointer() + "/env/" + place;
        JsonNode from = entry.path("valueFrom");
        if (!from.isObject()) {
            String value = entry.path("value").asText("");
            if (value.contains("davylamp-agent")) {
                warnings.add("container " + target.name() + " names the agent in " + variable + " already");
                return false;
            }
            add(patch, at + "/value", JSON.textNode(value.isBlank() ? OPTION : value + " " + OPTION));
            return true;
        }
        for (JsonNode source : from) {
            if (source.path("optional").asBoolean()) {
                // Where it is missing, Kubernetes would leave our reference to it as it is written, and the JVM would
                // not start.
                warnings.add("container " + target.name() + " takes " + variable
                        + " from an optional key; it gets no agent. Remove \"optional\", or name another variable in "
                        + VARIABLE);
                return false;
            }
        }
        String kept = "DAVYLAMP_" + variable;
        patch.add(operation("replace", at + "/name", JSON.textNode(kept)));
        add(patch, target.pointer() + "/env/" + (place + 1), variable(variable, "$(" + kept + ") " + OPTION));
        return true;
    }

    private List<ObjectNode> variables(Target target, JsonNode pod, boolean several) {
        JsonNode metadata = pod.path("metadata");
        JsonNode annotations = metadata.path("annotations");
        String name = target.name();
        List<ObjectNode> all = new ArrayList<>();
        all.add(field("DAVYLAMP_POD", "metadata.name"));
        all.add(field("DAVYLAMP_NAMESPACE", "metadata.namespace"));
        all.add(field("DAVYLAMP_NODE", "spec.nodeName"));
        all.add(variable("DAVY_SERVICE", service(metadata, name) + (several ? "-" + name : "")));
        all.add(variable("DAVY_INSTANCE", "$(DAVYLAMP_POD)"));
        StringBuilder labels =
                new StringBuilder("namespace=$(DAVYLAMP_NAMESPACE);node=$(DAVYLAMP_NODE);container=" + name);
        String version =
                metadata.path("labels").path("app.kubernetes.io/version").asText("");
        if (!version.isEmpty()) {
            labels.append(";version=").append(version);
        }
        String more = annotations.path(LABELS).asText("").trim();
        if (!more.isEmpty()) {
            labels.append(';').append(more);
        }
        all.add(variable("DAVY_LABELS", labels.toString()));
        all.add(variable("DAVY_SERVER", annotations.path(SERVER).asText(injection.server())));
        String secret = annotations.path(TOKEN_SECRET).asText(injection.tokenSecret());
        if (!secret.isEmpty()) {
            ObjectNode token = JSON.objectNode().put("name", "DAVY_TOKEN");
            // Optional: a pod must start without it, too.
            token.putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", secret)
                    .put("key", "token")
                    .put("optional", true);
            all.add(token);
        }
        if (!injection.caConfigMap().isEmpty()) {
            all.add(variable("DAVY_AGENT_CA", Injection.CA_FOLDER + "/ca.crt"));
        }
        injection.variables().forEach((each, value) -> all.add(variable(each, value)));
        return all;
    }

    /** The name of the application, from the most deliberate source that the pod has. */
    static String service(JsonNode metadata, String container) {
        JsonNode labels = metadata.path("labels");
        JsonNode owner = metadata.path("ownerReferences").path(0);
        String owned = owner.path("name").asText("");
        String hash = labels.path("pod-template-hash").asText("");
        if (owner.path("kind").asText().equals("ReplicaSet") && !hash.isEmpty() && owned.endsWith("-" + hash)) {
            owned = owned.substring(0, owned.length() - hash.length() - 1);
        } else if (owner.path("kind").asText().equals("Job")) {
            owned = CRON_TIME.matcher(owned).replaceFirst("");
        }
        for (String name : new String[] {
            metadata.path("annotations").path(SERVICE).asText(""),
            labels.path("app.kubernetes.io/name").asText(""),
            labels.path("app").asText(""),
            owned,
            metadata.path("name").asText("")
        }) {
            if (!name.isBlank()) {
                return name.trim();
            }
        }
        return container;
    }

    private ArrayNode volumes() {
        ArrayNode volumes = JSON.arrayNode();
        ObjectNode agent = volumes.addObject().put("name", NAME);
        agent.putObject("emptyDir");
        if (!injection.caConfigMap().isEmpty()) {
            volumes.addObject()
                    .put("name", CA_VOLUME)
                    .putObject("configMap")
                    .put("name", injection.caConfigMap())
                    .put("optional", true);
        }
        return volumes;
    }

    /** The init container that copies the jar. */
    private ObjectNode copier(JsonNode spec, JsonNode target) {
        ObjectNode copier = JSON.objectNode()
                .put("name", NAME)
                .put("image", injection.image())
                .put("imagePullPolicy", "IfNotPresent");
        if (injection.copy().isEmpty()) {
            copier.putArray("args").add(Injection.FOLDER);
        } else {
            ArrayNode command = copier.putArray("command");
            injection.copy().forEach(command::add);
        }
        // Those of a container that runs beside it, so that the pod's own requests, limits and class of service stay as
        // they are.
        ObjectNode resources = JSON.objectNode();
        for (String each : new String[] {"requests", "limits"}) {
            if (target.path("resources").path(each).isObject()) {
                resources.set(each, target.path("resources").path(each).deepCopy());
            }
        }
        if (!resources.isEmpty()) {
            copier.set("resources", resources);
        }
        ObjectNode security = copier.putObject("securityContext");
        security.put("allowPrivilegeEscalation", false).put("readOnlyRootFilesystem", true);
        JsonNode user = spec.path("securityContext").path("runAsUser");
        if (!user.isNumber() || user.asLong() != 0) {
            security.put("runAsNonRoot", true);
        }
        security.putObject("capabilities").putArray("drop").add("ALL");
        security.putObject("seccompProfile").put("type", "RuntimeDefault");
        copier.putArray("volumeMounts").add(mount(NAME, Injection.FOLDER));
        return copier;
    }

    private static boolean has(JsonNode list, String name) {
        for (JsonNode each : list) {
            if (each.path("name").asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Appends to a list of the pod, which may be missing. */
    private static void append(ArrayNode patch, JsonNode owner, String pointer, String list, ArrayNode values) {
        if (owner.path(list).isArray()) {
            values.forEach(value -> add(patch, pointer + "/" + list + "/-", value));
        } else {
            add(patch, pointer + "/" + list, values);
        }
    }

    private static void add(ArrayNode patch, String pointer, JsonNode value) {
        patch.add(operation("add", pointer, value));
    }

    private static ObjectNode operation(String name, String pointer, JsonNode value) {
        ObjectNode operation = JSON.objectNode().put("op", name).put("path", pointer);
        operation.set("value", value);
        return operation;
    }

    private static ObjectNode variable(String name, String value) {
        return JSON.objectNode().put("name", name).put("value", value);
    }

    private static ObjectNode field(String name, String path) {
        ObjectNode variable = JSON.objectNode().put("name", name);
        variable.putObject("valueFrom").putObject("fieldRef").put("fieldPath", path);
        return variable;
    }

    private static ObjectNode mount(String volume, String path) {
        return JSON.objectNode().put("name", volume).put("mountPath", path);
    }

    private static String quoted(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return "\"" + (plain.length() > 60 ? plain.substring(0, 60) + "..." : plain) + "\"";
    }
}
