package io.davylamp.skywalking;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The calls of SkyWalking's agents that are not about async-profiler, and what they mean to us. */
enum AgentCall {
    PROPERTIES("skywalking.v3.ManagementService/reportInstanceProperties", Reading.PROPERTIES),
    KEEP_ALIVE("skywalking.v3.ManagementService/keepAlive", Reading.KEEP_ALIVE),
    JVM_METRICS("skywalking.v3.JVMMetricReportService/collect", Reading.JVM_METRICS),
    TRACE_PROFILING("skywalking.v3.ProfileTask/getProfileTaskCommands", Reading.TRACE_PROFILING),
    EVENTS("skywalking.v3.EventService/collect", Reading.EVENTS),
    CONFIGURATION("skywalking.v3.ConfigurationDiscoveryService/fetchConfigurations", Reading.NOTHING),
    METERS("skywalking.v3.MeterReportService/collect", Reading.NOTHING),
    METER_BATCHES("skywalking.v3.MeterReportService/collectBatch", Reading.NOTHING),
    TRACES("skywalking.v3.TraceSegmentReportService/collect", Reading.NOTHING),
    TRACES_IN_SYNC("skywalking.v3.TraceSegmentReportService/collectInSync", Reading.NOTHING),
    LOGS("skywalking.v3.LogReportService/collect", Reading.NOTHING),
    TRACE_SNAPSHOTS("skywalking.v3.ProfileTask/collectSnapshot", Reading.NOTHING),
    TRACE_PROFILING_END("skywalking.v3.ProfileTask/reportTaskFinish", Reading.NOTHING);

    /** The part of a call's messages that is read; every part except none needs the whole call in memory. */
    enum Reading {
        PROPERTIES,
        KEEP_ALIVE,
        JVM_METRICS,
        TRACE_PROFILING,
        EVENTS,
        NOTHING
    }

    private static final Map<String, AgentCall> BY_PATH =
            Arrays.stream(values()).collect(Collectors.toMap(AgentCall::path, Function.identity()));

    private final String path;
    private final Reading reading;

    AgentCall(String name, Reading reading) {
        this.path = "/" + name;
        this.reading = reading;
    }

    String path() {
        return path;
    }

    Reading reading() {
        return reading;
    }

    /** The call of that path, or null. */
    static AgentCall ofPath(String path) {
        return BY_PATH.get(path);
    }
}
