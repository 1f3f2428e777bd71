package io.davylamp.agent.host;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the setting of the labels. The bounds are the server's, which checks again: docs/reference/protocol.md. */
final class Labels {
    private static final int MOST = 32;
    private static final int VALUE_CHARACTERS = 200;
    private static final int SHOWN = 100;
    private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9._/-]{0,62}");

    private Labels() {}

    /**
     * Those that are allowed of {@code zone=a;version=1.4}.
     *
     * @param refused gets a sentence for each that is not
     */
    static Map<String, String> of(String text, List<String> refused) {
        Map<String, String> labels = new TreeMap<>();
        // Commas, which end an agent argument, can stand in the environment.
        for (String each : text.split("[;,]")) {
            String label = each.trim();
            int equals = label.indexOf('=');
            String key = equals < 0 ? label : label.substring(0, equals).trim();
            String value = equals < 0 ? "" : label.substring(equals + 1).trim();
            if (label.isEmpty()) {
                continue;
            }
            if (equals < 0 || !KEY.matcher(key).matches()) {
                refused.add(
                        fault(label) + "write KEY=VALUE, several joined by ;; a key is a letter and up to 62 letters,"
                                + " digits or . _ / -");
            } else if (value.length() > VALUE_CHARACTERS || value.chars().anyMatch(Character::isISOControl)) {
                refused.add(fault(label) + "a value has at most " + VALUE_CHARACTERS
                        + " characters, and no control character");
            } else if (labels.size() == MOST && !labels.containsKey(key)) {
                refused.add(fault(label) + "there are at most " + MOST);
            } else {
                labels.put(key, value);
            }
        }
        return Collections.unmodifiableMap(labels);
    }

    private static String fault(String label) {
        String shown = label.length() <= SHOWN ? label : label.substring(0, SHOWN) + "...";
        return "agent setting labels, \"" + shown.replaceAll("\\p{Cc}", "?") + "\" is left out: ";
    }
}
