package io.davylamp.skywalking;

import io.davylamp.core.task.Progress;
import io.davylamp.core.task.ProgressStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** From our states to SkyWalking's log words: the only such table of this door. */
final class StateWords {
    private StateWords() {}

    /** SkyWalking's operation types of a task's log. */
    enum Word {
        NOTIFIED,
        EXECUTION_FINISHED,
        JFR_UPLOAD_FILE_TOO_LARGE_ERROR,
        EXECUTION_TASK_ERROR
    }

    /** One line of a log. */
    record Line(Word word, long atMillis, String reason) {}

    /** The log of one assignment, oldest first: each word once, for what came and went again is not told in this dialect. */
    static List<Line> log(List<ProgressStep> history) {
        List<Line> log = new ArrayList<>();
        Set<Word> told = EnumSet.noneOf(Word.class);
        for (ProgressStep row : history) {
            Word word = word(row.progress());
            if (word != null && told.add(word)) {
                log.add(new Line(word, row.atMillis(), row.reason()));
            }
        }
        if (told.contains(Word.EXECUTION_FINISHED)) {
            // A late recording: that it was given up before is no error any more.
            boolean unreadable = history.get(history.size() - 1).progress() == Progress.UNREADABLE;
            log.removeIf(line -> line.word() == Word.EXECUTION_TASK_ERROR && !unreadable);
        }
        return log;
    }

    private static Word word(Progress progress) {
        return switch (progress) {
            case OFFERED -> Word.NOTIFIED;
            case STORED -> Word.EXECUTION_FINISHED;
            case TOO_LARGE -> Word.JFR_UPLOAD_FILE_TOO_LARGE_ERROR;
            case FAILED, EXPIRED, UNREADABLE -> Word.EXECUTION_TASK_ERROR;
            case PENDING, ACCEPTED, RUNNING, RECEIVING, READY, CANCELLED -> null;
        };
    }
}
