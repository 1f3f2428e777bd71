package io.davylamp.server.rest;

import io.davylamp.core.access.Principal;
import java.util.List;
import java.util.Map;

/** The status of the server. */
public interface ServerStatus {
    /**
     * @param version of the server
     * @param started when, as an ISO time
     * @param jvm name and version of its JVM
     * @param system name, version and architecture
     * @param processors that it may use
     * @param heapBytes used and at most
     */
    record Process(
            String version, String started, String jvm, String system, int processors, Map<String, Long> heapBytes) {}

    /**
     * The permissions of users and agents.
     *
     * @param you who asks, in words
     * @param page who can reach page and REST interface, in words
     * @param agents who can connect as an agent, in words
     */
    record Access(String you, String page, String agents) {}

    /**
     * @param folder where data is
     * @param freeBytes left on its disk; null when recordings go to a bucket, which does not say how much it still takes
     * @param tasks number of tasks that are kept
     * @param recordingBytes of all tasks
     * @param profileBytes of all tasks
     * @param files number of files that people opened
     * @param fileBytes of them
     */
    record Storage(
            String folder,
            Long freeBytes,
            long tasks,
            long recordingBytes,
            long profileBytes,
            long files,
            long fileBytes) {}

    /**
     * @param detail in words: how it is, and when it is not well what to do
     * @param forSeconds how long it has been well, or not
     */
    record Check(String name, boolean well, String detail, long forSeconds) {}

    /**
     * A server on the same store.
     *
     * @param answering whether it is the one that answers now
     * @param live whether it was heard of a moment ago
     * @param started when, as an ISO time
     * @param heard when it was last heard of, as an ISO time
     * @param clockAheadMillis its machine's clock minus the database's, in ms
     */
    record ServerLine(
            String id,
            String name,
            String version,
            String http,
            String agents,
            boolean answering,
            boolean live,
            String started,
            String heard,
            long clockAheadMillis) {}

    /**
     * @param value as it holds; secrets only as given or not
     * @param changed whether it is another than the default
     */
    record SettingLine(String name, String value, String meaning, boolean changed) {}

    /** @param home the folder that the server was unpacked to, where it has the agent; else empty */
    record Status(
            Process process,
            Access access,
            Storage storage,
            String home,
            int agentsConnected,
            List<Check> health,
            List<ServerLine> servers,
            List<SettingLine> settings) {}

    /** @param who sees the folders, counts, servers and settings only as an administrator of all services */
    Status now(Principal who);
}
