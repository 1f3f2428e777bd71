package io.davylamp.server.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The values of all {@linkplain Setting settings}: default, then YAML file, then SkyWalking's variables, then our own, then
 * command line; the later wins.
 * Immutable. A name that nobody knows, or a value that is not allowed, stops the start.
 */
public final class Settings {
    /** Variables of the same prefix that belong to the command line and the launcher. */
    private static final Set<String> FOREIGN_VARIABLES =
            Set.of("DAVY_HOME", "DAVY_JAVA_OPTS", "DAVY_ARCHIVE", "DAVY_CONFIG");

    private final Map<Setting, String> values;

    private Settings(Map<Setting, String> values) {
        this.values = values;
    }

    /**
     * @param file YAML, or null for none
     * @param assignments {@code name=value} from the command line
     * @throws SettingsException naming the setting, where it was given, and what is allowed
     */
    public static Settings of(Path file, Map<String, String> environment, List<String> assignments) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, setting.defaultText());
        }
        if (file != null) {
            flatten(file).forEach((key, value) -> put(values, known(key, file.toString()), value, file.toString()));
        }
        SkyWalkingVariables.settings(environment)
                .forEach((setting, given) ->
                        put(values, setting, given.value(), "environment variable " + given.variable()));
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (variable.startsWith("DAVY_")
                    && !FOREIGN_VARIABLES.contains(variable)
                    && !AgentVariables.ALL.contains(variable)) {
                Setting setting = Setting.ofVariable(variable)
                        .orElseThrow(() -> new SettingsException("environment variable " + variable
                                + " is no setting; settings are "
                                + Arrays.stream(Setting.values())
                                        .map(Setting::variable)
                                        .collect(Collectors.joining(", "))));
                put(values, setting, value, "environment variable " + variable);
            }
        });
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new SettingsException("--set " + assignment + ": name=value is expected");
            }
            put(
                    values,
                    known(assignment.substring(0, equals).trim(), "--set"),
                    assignment.substring(equals + 1).trim(),
                    "--set");
        }
        return new Settings(values);
    }

    private static Setting known(String key, String source) {
        return Setting.ofKey(key)
                .orElseThrow(() -> new SettingsException("unknown setting \"" + key + "\" (" + source
                        + "); settings are "
                        + Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(", "))));
    }

    private static void put(Map<Setting, String> values, Setting setting, String value, String source) {
        if (!setting.accepts(value)) {
            throw new SettingsException("setting " + setting.key() + " = \"" + value + "\" (" + source
                    + "): allowed is " + setting.kind().allowed());
        }
        values.put(setting, value);
    }

    private static Map<String, String> flatten(Path file) {
        Object root;
        try {
            root = new Load(LoadSettings.builder()
                            .setLabel(file.toString())
                            // A few lines of aliases make a tree that is endless, or as large as all memory.
                            .setMaxAliasesForCollections(0)
                            .build())
                    .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new SettingsException("settings file " + file + " cannot be read: " + e);
        } catch (YamlEngineException e) {
            throw new SettingsException("settings file " + file + " is no YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new SettingsException("settings file " + file + " is no YAML that can be read: it nests too deep");
        }
        Map<String, String> flat = new TreeMap<>();
        if (root != null) {
            flatten("", root, flat, file);
        }
        return flat;
    }

    private static void flatten(String prefix, Object node, Map<String, String> flat, Path file) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) ->
                    flatten(prefix.isEmpty() ? String.valueOf(key) : prefix + "." + key, value, flat, file));
        } else if (prefix.isEmpty() || node instanceof Iterable<?>) {
            throw new SettingsException("settings file " + file + ": \"" + prefix + "\" must hold names and values");
        } else if (node != null) {
            flat.put(prefix, node.toString());
        }
    }

    public String text(Setting setting) {
        return values.get(setting);
    }

    /** Reads a value that another server has of a setting; empty when this version would not take it. */
    public static Optional<Duration> durationOf(Setting setting, String text) {
        return setting.kind() == Setting.Kind.DURATION && setting.accepts(text)
                ? Optional.of(Setting.duration(text))
                : Optional.empty();
    }

    /** Likewise, of a number. */
    public static Optional<Integer> numberOf(Setting setting, String text) {
        return setting.kind() == Setting.Kind.COUNT && setting.accepts(text)
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    public int number(Setting setting) {
        return Integer.parseInt(values.get(setting));
    }

    public boolean flag(Setting setting) {
        return Boolean.parseBoolean(values.get(setting));
    }

    public long sizeBytes(Setting setting) {
        return Setting.sizeBytes(values.get(setting));
    }

    public Duration duration(Setting setting) {
        return Setting.duration(values.get(setting));
    }
}
