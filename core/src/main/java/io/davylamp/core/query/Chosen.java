package io.davylamp.core.query;

import io.davylamp.core.access.Principal;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskRow;
import io.davylamp.profile.view.InvalidQueryException;
import io.davylamp.profile.view.ProfileSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides which recordings a question is about, and finds their profiles. Thread-safe. */
public final class Chosen {
    /** So many tasks one question may be about. */
    public static final int MOST_TASKS = 1_000;

    /** Files that are open; finding one keeps it open. */
    public interface Files {
        Optional<Recording> find(Principal who, String id);
    }

    /**
     * Profiles.
     *
     * @param title what they are called together
     */
    public record Recordings(List<ProfileSource> sources, String title) {}

    private final Store store;
    private final Files files;
    private final ProfileQuery query;
    private final int mostTasks;

    public Chosen(Store store, Files files, ProfileQuery query) {
        this(store, files, query, MOST_TASKS);
    }

    Chosen(Store store, Files files, ProfileQuery query, int mostTasks) {
        this.store = store;
        this.files = files;
        this.query = query;
        this.mostTasks = mostTasks;
    }

    /**
     * The recordings that are chosen, ready, and of services that the caller may see.
     *
     * @param who asks
     * @param prefix of the parameters that chose them, for messages
     * @throws InvalidQueryException if they are of too many tasks
     * @throws ProfileQuery.NoAnswerException if a task or a file is not there, or nothing is ready
     */
    public Recordings of(Principal who, Choice choice, String prefix) throws IOException {
        List<ProfileSource> sources = new ArrayList<>();
        String title = null;
        if (choice.isOfTasks()) {
            List<TaskRow> tasks = tasks(who, choice, prefix);
            TaskRow first = tasks.get(0);
            title = first.spec().service()
                    + (tasks.size() > 1 ? "" : " " + (first.title().isEmpty() ? first.id() : first.title()));
            sources.addAll(query.sources(withRecordings(tasks), choice.instances()));
        }
        for (String id : choice.files()) {
            Recording file = files.find(who, id)
                    .orElseThrow(() -> new ProfileQuery.NoAnswerException(
                            "the file \"" + id + "\" is not open any more; open it again"));
            sources.add(query.source(file, file.instance()));
            title = title == null ? file.instance() : title;
        }
        return new Recordings(sources, title == null ? "" : title);
    }

    private List<TaskRow> tasks(Principal who, Choice choice, String prefix) {
        List<TaskRow> tasks = choice.tasks().isEmpty() ? ofService(who, choice, prefix) : named(who, choice);
        if (tasks.isEmpty()) {
            throw new ProfileQuery.NoAnswerException(
                    choice.tasks().isEmpty()
                            ? "service \"" + choice.service() + "\" has no task created in that time"
                            : "none of the tasks " + String.join(", ", choice.tasks())
                                    + (choice.service() == null
                                            ? ""
                                            : " is of service \"" + choice.service() + "\" and")
                                    + " was created in that time");
        }
        return tasks;
    }

    private List<TaskRow> named(Principal who, Choice choice) {
        List<TaskRow> tasks = new ArrayList<>();
        for (String id : choice.tasks()) {
            TaskRow task = store.read(tx -> tx.tasks().byId(id))
                    .filter(row -> who.maySee(row.spec().service()))
                    .orElseThrow(() -> new ProfileQuery.NoAnswerException("there is no task \"" + id + "\""));
            if ((choice.service() == null || choice.service().equals(task.spec().service()))
                    && choice.isInTime(task.createdMillis())) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    private List<TaskRow> ofService(Principal who, Choice choice, String prefix) {
        if (!who.maySee(choice.service())) {
            return List.of();
        }
        // The store looks at the time first: newer tasks than those asked for must not use up the limit.
        List<TaskRow> newest = store.read(tx ->
                tx.tasks().createdIn(choice.service(), choice.sinceMillis(), choice.untilMillis(), mostTasks + 1));
        if (newest.size() > mostTasks) {
            throw new InvalidQueryException(
                    prefix + "since",
                    "service \"" + choice.service() + "\" has more than " + mostTasks
                            + " tasks in that time, which is all that one view is of; ask for less with " + prefix
                            + "since and " + prefix + "until");
        }
        return newest;
    }

    /** The tasks with what was delivered of them. */
    private List<Task> withRecordings(List<TaskRow> rows) {
        List<String> ids = rows.stream().map(TaskRow::id).toList();
        return store.read(tx -> {
            Map<String, List<Assignment>> assignments =
                    tx.assignments().ofTasks(ids).stream().collect(Collectors.groupingBy(Assignment::taskId));
            Map<String, List<Recording>> recordings =
                    tx.recordings().ofTasks(ids).stream().collect(Collectors.groupingBy(Recording::taskId));
            return rows.stream()
                    .map(row -> new Task(
                            row,
                            assignments.getOrDefault(row.id(), List.of()).stream()
                                    .sorted(Comparator.comparing(Assignment::instanceName))
                                    .toList(),
                            recordings.getOrDefault(row.id(), List.of()).stream()
                                    .collect(Collectors.toMap(Recording::id, recording -> recording))))
                    .toList();
        });
    }
}
