package io.davylamp.server.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Environment variables of SkyWalking's server that mean something here too, for those who come from it. Its other variables are
 * not ours and are left alone.
 */
public enum SkyWalkingVariables {
    SW_CORE_GRPC_HOST(Setting.AGENT_HOST),
    SW_CORE_GRPC_PORT(Setting.AGENT_PORT),
    /** A port for agents alone, which is what ours is; 0 means that there is none. */
    SW_RECEIVER_GRPC_PORT(Setting.AGENT_PORT, port -> port.equals("0") ? null : port),
    SW_CORE_REST_HOST(Setting.HTTP_HOST),
    SW_CORE_REST_PORT(Setting.HTTP_PORT),
    /** Closes one receiver, as there: agents are told that there is none, all else goes on. */
    SW_RECEIVER_ASYNC_PROFILER(Setting.SKYWALKING_PROFILING, receiver -> Boolean.toString(!receiver.equals("-"))),
    SW_RECEIVER_ASYNC_PROFILER_JFR_MAX_SIZE(Setting.UPLOAD_MAX_SIZE, bytes -> bytes + "B"),
    /** Recordings never are in memory here. */
    SW_RECEIVER_ASYNC_PROFILER_MEMORY_PARSER_ENABLED(null),
    SW_AUTHENTICATION(Setting.AGENT_TOKEN),
    SW_CORE_GRPC_SSL_ENABLED(null),
    SW_CORE_GRPC_SSL_KEY_PATH(Setting.AGENT_TLS_KEY),
    SW_CORE_GRPC_SSL_CERT_CHAIN_PATH(Setting.AGENT_TLS_CERTIFICATE),
    SW_CORE_GRPC_SSL_TRUSTED_CA_PATH(Setting.AGENT_TLS_CLIENT_CA),
    SW_RECEIVER_GRPC_SSL_ENABLED(null),
    SW_RECEIVER_GRPC_SSL_KEY_PATH(Setting.AGENT_TLS_KEY),
    SW_RECEIVER_GRPC_SSL_CERT_CHAIN_PATH(Setting.AGENT_TLS_CERTIFICATE),
    SW_RECEIVER_GRPC_SSL_TRUSTED_CAS_PATH(Setting.AGENT_TLS_CLIENT_CA),
    SW_CORE_RECORD_DATA_TTL(Setting.DATA_KEPT, days -> days + "d");

    private static final List<String> TLS = List.of("SW_CORE_GRPC_SSL_", "SW_RECEIVER_GRPC_SSL_");

    /** Null when the variable is known but changes nothing by itself. */
    private final Setting setting;

    private final UnaryOperator<String> value;

    SkyWalkingVariables(Setting setting) {
        this(setting, text -> text);
    }

    SkyWalkingVariables(Setting setting, UnaryOperator<String> value) {
        this.setting = setting;
        this.value = value;
    }

    /** The setting that the variable sets; null when it changes nothing by itself. */
    public Setting setting() {
        return setting;
    }

    /** A value and the variable that gave it. */
    record Given(String variable, String value) {}

    /** The settings that these variables give, in the order of this list: a receiver's own port and certificate win. */
    static Map<Setting, Given> settings(Map<String, String> environment) {
        Map<Setting, Given> given = new LinkedHashMap<>();
        for (SkyWalkingVariables variable : values()) {
            String text = environment.getOrDefault(variable.name(), "").strip();
            String converted = variable.setting == null || text.isEmpty() ? null : variable.value.apply(text);
            if (converted != null && variable.applies(environment)) {
                given.put(variable.setting, new Given(variable.name(), converted));
            }
        }
        return given;
    }

    /** Names of files count only where TLS is switched on. */
    private boolean applies(Map<String, String> environment) {
        return TLS.stream()
                .filter(prefix -> name().startsWith(prefix))
                .allMatch(prefix -> "true".equalsIgnoreCase(environment.get(prefix + "ENABLED")));
    }

    /** Returns the variables that are set. */
    public static List<String> given(Map<String, String> environment) {
        return Arrays.stream(values())
                .map(SkyWalkingVariables::name)
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .toList();
    }
}
