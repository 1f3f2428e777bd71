package io.davylamp.core.store;

import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.task.Assignment;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows for the tests of stores. */
public final class RecordingSamples {
    private RecordingSamples() {}

    public static Recording of(
            String id, Origin origin, String taskId, RecordingState state, long storedMillis, long keptUntilMillis) {
        return new Recording(
                id,
                origin,
                taskId,
                "shop",
                "shop-1",
                new TreeMap<>(),
                1,
                2,
                id + ".jfr",
                id + ".dlp",
                70,
                "hash",
                state,
                0,
                0,
                "",
                storedMillis,
                30,
                storedMillis,
                keptUntilMillis,
                "user:ada",
                "cafe");
    }

    /**
     * A recording whose components all have values of their own, also those that a later version adds: a store that forgets one
     * does not give the same recording back.
     */
    public static Recording everyComponent(String id, RecordingState state, int version) {
        return every(Recording.class, version, Map.of("id", id, "state", state, "version", version));
    }

    /** The next version of an assignment, in which all that may change has changed. */
    static Assignment everyComponent(Assignment before) {
        Map<String, Object> same = new TreeMap<>(Map.of(
                "id", before.id(),
                "taskId", before.taskId(),
                "instanceId", before.instanceId(),
                "instanceName", before.instanceName(),
                "version", before.version() + 1));
        return every(Assignment.class, 1, same);
    }

    /** An instance in which all that may change has changed. */
    static Instance everyComponent(Instance before, int salt) {
        return every(
                Instance.class,
                salt,
                Map.of(
                        "id", before.id(),
                        "service", before.service(),
                        "name", before.name(),
                        "firstSeenMillis", before.firstSeenMillis()));
    }

    static Recording keptUntil(Recording recording, long millis) {
        try {
            Object[] values = new Object[Recording.class.getRecordComponents().length];
            int i = 0;
            for (RecordComponent each : Recording.class.getRecordComponents()) {
                values[i++] = each.getName().equals("keptUntilMillis")
                        ? millis
                        : each.getAccessor().invoke(recording);
            }
            return create(Recording.class, values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T every(Class<T> type, int salt, Map<String, Object> given) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            values[i] =
                    given.containsKey(name) ? given.get(name) : value(components[i].getType(), name, 100 * salt + i);
        }
        return create(type, values);
    }

    private static Object value(Class<?> type, String name, int number) {
        if (type == String.class) {
            return name + " \n" + number;
        }
        if (type == long.class) {
            return 1_000_000_000_000L + number;
        }
        if (type == int.class) {
            return number;
        }
        if (type == boolean.class) {
            return number % 2 == 0;
        }
        if (type == SortedMap.class) {
            return new TreeMap<>(Map.of(name, "x\n" + number));
        }
        if (type == Labels.class) {
            return new Labels(new TreeMap<>(Map.of(name, "x" + number)));
        }
        if (type.isRecord()) {
            return every(type, number, Map.of());
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[number % constants.length];
        }
        throw new AssertionError("teach this test values of " + type);
    }

    private static <T> T create(Class<T> type, Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
