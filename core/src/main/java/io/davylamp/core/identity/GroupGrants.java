package io.davylamp.core.identity;

import io.davylamp.core.access.Grant;
import io.davylamp.core.access.InvalidAccessException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the groups of an identity provider may do. Its text is {@code sre = admin *, payments = profiler payments-*}. Immutable. */
public record GroupGrants(Map<String, List<Grant>> byGroup) {
    public static final GroupGrants NONE = new GroupGrants(Map.of());

    public GroupGrants {
        byGroup = Map.copyOf(byGroup);
    }

    /** @throws InvalidAccessException if the text is no such list; the message says what one looks like */
    public static GroupGrants of(String text) {
        Map<String, List<Grant>> byGroup = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            int at = part.lastIndexOf('=');
            if (at < 0 || part.substring(0, at).isBlank()) {
                throw new InvalidAccessException("\"" + part.strip()
                        + "\" names no group; write group = role pattern, such as \"payments = profiler payments-*\"");
            }
            byGroup.computeIfAbsent(part.substring(0, at).strip(), group -> new ArrayList<>())
                    .add(Grant.of(part.substring(at + 1)));
        }
        return new GroupGrants(byGroup);
    }

    /** Returns what somebody in these groups may do; nothing when none of them is known. */
    List<Grant> of(List<String> groups) {
        return groups.stream()
                .distinct()
                .flatMap(group -> byGroup.getOrDefault(group, List.of()).stream())
                .distinct()
                .toList();
    }
}
