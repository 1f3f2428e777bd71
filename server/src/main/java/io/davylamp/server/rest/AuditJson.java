package io.davylamp.server.rest;

import io.davylamp.core.access.AuditEntry;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Entries of the audit log as JSON. */
public final class AuditJson {
    private AuditJson() {}

    /** The entry as one line. */
    public static byte[] line(AuditEntry entry) {
        byte[] json = Json.bytes(of(entry));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    static Map<String, Object> of(AuditEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", entry.id());
        json.put("at", TaskJson.time(entry.atMillis()));
        json.put("kind", entry.kind().name());
        json.put("who", entry.who());
        json.put("name", entry.name());
        json.put("address", entry.address());
        json.put("action", entry.action());
        json.put("service", entry.service());
        json.put("instances", entry.instances());
        json.put("subject", entry.subject());
        json.put("result", entry.result().name());
        json.put("detail", entry.detail());
        return json;
    }
}
