package io.davylamp.store.jdbc;

import java.sql.Types;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/** Texts as PostgreSQL can hold them: without the character 0 and without halves of characters, which become U+FFFD. */
final class PostgresText extends AbstractArgumentFactory<String> {
    private static final char UNKNOWN = '\uFFFD';

    PostgresText() {
        super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
        String text = clean(value);
        return (position, statement, context) -> statement.setString(position, text);
    }

    static String clean(String text) {
        int first = firstBad(text, 0);
        if (first < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text);
        for (int i = first; i >= 0; i = firstBad(text, i + 1)) {
            out.setCharAt(i, UNKNOWN);
        }
        return out.toString();
    }

    private static int firstBad(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (Character.isSurrogate(c)) {
                boolean whole = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!whole) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
