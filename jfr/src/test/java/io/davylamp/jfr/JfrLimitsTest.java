package io.davylamp.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JfrLimitsTest {
    @Test
    void theDocumentationListsEveryLimitAsItIs() throws Exception {
        StringBuilder table = new StringBuilder();
        for (RecordComponent limit : JfrLimits.class.getRecordComponents()) {
            table.append(String.format(
                    "| `JfrLimits` | `%s` | `%s` |%n",
                    limit.getName(), limit.getAccessor().invoke(JfrLimits.DEFAULT)));
        }

        assertThat(Files.readString(Path.of("../docs/reference/limits.md"))).contains(table.toString());
    }
}
