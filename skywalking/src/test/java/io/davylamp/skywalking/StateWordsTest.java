package io.davylamp.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.task.Progress;
import io.davylamp.core.task.ProgressStep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateWordsTest {
    @ParameterizedTest
    @CsvSource({
        "PENDING, ''",
        "PENDING OFFERED ACCEPTED RECEIVING STORED READY, NOTIFIED EXECUTION_FINISHED",
        "PENDING OFFERED OFFERED RECEIVING OFFERED FAILED, NOTIFIED EXECUTION_TASK_ERROR",
        "PENDING OFFERED ACCEPTED TOO_LARGE, NOTIFIED JFR_UPLOAD_FILE_TOO_LARGE_ERROR",
        "PENDING EXPIRED, EXECUTION_TASK_ERROR",
        "PENDING OFFERED EXPIRED RECEIVING STORED READY, NOTIFIED EXECUTION_FINISHED",
        "PENDING OFFERED RECEIVING STORED UNREADABLE, NOTIFIED EXECUTION_FINISHED EXECUTION_TASK_ERROR",
        "PENDING OFFERED CANCELLED, NOTIFIED"
    })
    void tellEachThingOnce(String states, String words) {
        List<ProgressStep> history = new ArrayList<>();
        for (String state : states.split(" ")) {
            history.add(new ProgressStep(history.size(), Progress.valueOf(state), ""));
        }

        assertThat(StateWords.log(history).stream()
                        .map(line -> line.word().name())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(words);
    }
}
