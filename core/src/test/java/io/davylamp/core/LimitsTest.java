package io.davylamp.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.access.PersonLimits;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.intake.FileLimits;
import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.profile.ProfileLimits;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void theDocumentationListsEveryLimitAsItIs() throws Exception {
        StringBuilder table = new StringBuilder();
        for (Record limits : List.of(
                ProfileLimits.DEFAULT,
                InstanceLimits.DEFAULT,
                TaskLimits.DEFAULT,
                UploadLimits.DEFAULT,
                QueryLimits.DEFAULT,
                FileLimits.DEFAULT,
                PersonLimits.DEFAULT)) {
            for (RecordComponent limit : limits.getClass().getRecordComponents()) {
                table.append(String.format(
                        "| `%s` | `%s` | `%s` |%n",
                        limits.getClass().getSimpleName(),
                        limit.getName(),
                        limit.getAccessor().invoke(limits)));
            }
        }

        assertThat(Files.readString(Path.of("../docs/reference/limits.md"))).contains(table.toString());
    }
}
