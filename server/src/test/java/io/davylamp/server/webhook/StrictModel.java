package io.davylamp.server.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads objects of Kubernetes into the classes made from its API, and refuses what these do not know: a field that is misspelt or
 * in the wrong place would be dropped by a cluster without a word.
 */
public final class StrictModel {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private StrictModel() {}

    /** @throws AssertionError naming the unknown fields */
    public static <T extends HasMetadata> T read(JsonNode node, Class<T> kind) {
        T read = JSON.convertValue(node, kind);
        if (!HasMetadata.getKind(kind).equals(node.path("kind").asText())
                || !HasMetadata.getApiVersion(kind)
                        .equals(node.path("apiVersion").asText())) {
            throw new AssertionError(node.path("apiVersion") + " " + node.path("kind") + " is no "
                    + HasMetadata.getApiVersion(kind) + " " + HasMetadata.getKind(kind));
        }
        List<String> unknown = new ArrayList<>();
        look(read, HasMetadata.getKind(kind), unknown);
        if (!unknown.isEmpty()) {
            throw new AssertionError("Kubernetes knows no " + unknown);
        }
        return read;
    }

    private static void look(Object value, String path, List<String> unknown) {
        if (value instanceof Collection<?> all) {
            int i = 0;
            for (Object each : all) {
                look(each, path + "[" + i++ + "]", unknown);
            }
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.") && !(value instanceof Enum)) {
            for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        look(value, field, path, unknown);
                    }
                }
            }
        }
    }

    private static void look(Object owner, Field field, String path, List<String> unknown) {
        Object value;
        try {
            field.setAccessible(true);
            value = field.get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
        if (!field.getName().equals("additionalProperties")) {
            look(value, path + "." + field.getName(), unknown);
        } else if (value instanceof Map<?, ?> more) {
            more.keySet().forEach(key -> unknown.add(path + "." + key));
        }
    }

    /** What the API server checks of a pod beyond its fields: names that refer to something, and nothing twice. */
    public static void requireWhole(PodSpec spec) {
        Set<String> volumes = new HashSet<>();
        spec.getVolumes().forEach(volume -> once(volumes, volume.getName(), "volume"));
        Set<String> names = new HashSet<>();
        Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                .forEach(container -> {
                    once(names, container.getName(), "container");
                    requireWhole(container, volumes);
                });
    }

    private static void requireWhole(Container container, Set<String> volumes) {
        Set<String> variables = new HashSet<>();
        container.getEnv().forEach(variable -> {
            once(variables, variable.getName(), "variable of " + container.getName());
            if (variable.getValueFrom() != null && variable.getValue() != null) {
                throw new AssertionError("variable " + variable.getName() + " has a value and a source");
            }
        });
        Set<String> paths = new HashSet<>();
        container.getVolumeMounts().forEach(mount -> {
            once(paths, mount.getMountPath(), "mount of " + container.getName());
            if (!volumes.contains(mount.getName())) {
                throw new AssertionError(container.getName() + " mounts the unknown volume " + mount.getName());
            }
        });
    }

    private static void once(Set<String> known, String name, String kind) {
        if (!known.add(name)) {
            throw new AssertionError(kind + " " + name + " is there twice");
        }
    }
}
