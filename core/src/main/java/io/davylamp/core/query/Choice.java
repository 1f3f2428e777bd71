package io.davylamp.core.query;

import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.Parameters;
import io.davylamp.profile.vocabulary.Vocabulary;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which recordings a question asks for. All that is given holds at once: a recording is of one of the tasks, of the service, of one of
 * the instances, and of a task that was created in the time. Opened files come beside those. Immutable.
 *
 * @param tasks ids; empty for any
 * @param files ids of opened files
 * @param service name; null for any
 * @param instances names; empty for any
 * @param sinceMillis when its task was created at the earliest, since the epoch
 * @param untilMillis the first moment after that
 */
public record Choice(
        List<String> tasks,
        List<String> files,
        String service,
        List<String> instances,
        long sinceMillis,
        long untilMillis) {
    /** The parameters that {@link #of} reads. */
    public static final List<String> PARAMETERS =
            Vocabulary.names(Vocabulary.all().selectors());

    /**
     * What parameters ask for.
     *
     * @param prefix stands before the name of each: {@code base-} for a baseline
     * @throws InvalidQueryException naming the parameter that is wrong
     */
    public static Choice of(String prefix, Parameters parameters) {
        return new Choice(
                parameters.all(prefix + "task"),
                parameters.all(prefix + "file"),
                parameters.one(prefix + "service"),
                parameters.all(prefix + "instance"),
                millis(prefix + "since", parameters, Long.MIN_VALUE),
                millis(prefix + "until", parameters, Long.MAX_VALUE));
    }

    private static long millis(String name, Parameters parameters, long otherwise) {
        String text = parameters.one(name);
        try {
            return text == null ? otherwise : Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidQueryException(name, name + " \"" + text + "\" is no time such as 2026-11-23T12:00:00Z");
        }
    }

    /** Whether it says of which task, file or service. */
    public boolean isGiven() {
        return !tasks.isEmpty() || !files.isEmpty() || service != null;
    }

    /** Whether recordings of tasks are asked for. */
    boolean isOfTasks() {
        return !tasks.isEmpty() || service != null;
    }

    boolean isInTime(long createdMillis) {
        return createdMillis >= sinceMillis && createdMillis < untilMillis;
    }

    /** The same of one more task. */
    public Choice ofTask(String id) {
        return new Choice(plus(tasks, id), files, service, instances, sinceMillis, untilMillis);
    }

    /** The same and one more file. */
    public Choice withFile(String id) {
        return new Choice(tasks, plus(files, id), service, instances, sinceMillis, untilMillis);
    }

    /** The same of other instances. */
    public Choice ofInstances(List<String> names) {
        return new Choice(tasks, files, service, names, sinceMillis, untilMillis);
    }

    private static List<String> plus(List<String> ids, String id) {
        return Stream.concat(ids.stream(), Stream.of(id)).toList();
    }
}
