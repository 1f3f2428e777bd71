package io.davylamp.store.jdbc;

import io.davylamp.core.access.Author;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskRows;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Tasks, without their assignments. Of one transaction, in which it is used by one thread. */
record TaskTable(Handle handle) implements TaskRows {
    private static final RowMapper<TaskRow> ROW = (row, ctx) -> new TaskRow(
            row.getString("id"),
            new TaskSpec(
                    row.getString("service"),
                    Texts.list(row.getString("instances")),
                    Duration.ofSeconds(row.getLong("duration_seconds")),
                    events(row.getString("events")),
                    Texts.map(row.getString("options")),
                    row.getString("options_text")),
            row.getLong("created"),
            new Author(row.getString("author_id"), row.getString("author_name")),
            row.getString("title"));

    private static Set<ProfilerEvent> events(String words) {
        return Arrays.stream(words.split(","))
                .map(ProfilerEvent::ofWord)
                .filter(Objects::nonNull) // one that this version does not know any more
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ProfilerEvent.class)));
    }

    @Override
    public void insert(TaskRow task) {
        TaskSpec spec = task.spec();
        handle.createUpdate("""
                        INSERT INTO task (id, service, duration_seconds, events, options, options_text, instances, created,
                          author_id, author_name, title)
                        VALUES (:id, :service, :duration, :events, :options, :optionsText, :instances, :created,
                          :authorId, :authorName, :title)
                        """)
                .bind("id", task.id())
                .bind("service", spec.service())
                .bind("duration", spec.duration().toSeconds())
                .bind("events", spec.events().stream().map(ProfilerEvent::word).collect(Collectors.joining(",")))
                .bind("options", Texts.of(spec.options()))
                .bind("optionsText", spec.optionsText())
                .bind("instances", Texts.of(spec.instances()))
                .bind("created", task.createdMillis())
                .bind("authorId", task.author().id())
                .bind("authorName", task.author().name())
                .bind("title", task.title())
                .execute();
    }

    @Override
    public Optional<TaskRow> byId(String id) {
        return handle.createQuery("SELECT * FROM task WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<TaskRow> newest(String service, int limit) {
        return service == null
                ? handle.createQuery("SELECT * FROM task ORDER BY created DESC, id DESC LIMIT :limit")
                        .bind("limit", limit)
                        .map(ROW)
                        .list()
                : createdIn(service, Long.MIN_VALUE, Long.MAX_VALUE, limit);
    }

    @Override
    public long count() {
        return handle.createQuery("SELECT count(*) FROM task").mapTo(Long.class).one();
    }

    @Override
    public List<TaskRow> createdIn(String service, long sinceMillis, long untilMillis, int limit) {
        return handle.createQuery("""
                        SELECT * FROM task WHERE service = :service AND created >= :since AND created < :until
                        ORDER BY created DESC, id DESC LIMIT :limit
                        """)
                .bind("service", service)
                .bind("since", sinceMillis)
                .bind("until", untilMillis)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public List<String> createdBefore(long millis, int limit) {
        return handle.createQuery("SELECT id FROM task WHERE created < :millis ORDER BY created LIMIT :limit")
                .bind("millis", millis)
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    @Override
    public boolean retitle(String id, String title) {
        return handle.createUpdate("UPDATE task SET title = :title WHERE id = :id")
                        .bind("id", id)
                        .bind("title", title)
                        .execute()
                == 1;
    }

    @Override
    public List<Long> windowEnds(String authorId, Collection<AssignmentState> states) {
        return handle.createQuery("""
                        SELECT max(a.window_end) AS ends FROM assignment a JOIN task t ON t.id = a.task_id
                        WHERE a.state IN (<states>) AND t.author_id = :author
                        GROUP BY a.task_id ORDER BY ends
                        """)
                .bindList("states", states.stream().map(AssignmentState::name).toList())
                .bind("author", authorId)
                .mapTo(Long.class)
                .list();
    }

    @Override
    public Map<String, String> versions(Collection<String> ids) {
        Map<String, String> versions = new HashMap<>();
        if (!ids.isEmpty()) {
            handle.createQuery("""
                            SELECT task_id, 'assignments' AS what, count(*) AS parts, sum(version) AS changes
                            FROM assignment WHERE task_id IN (<ids>) GROUP BY task_id
                            UNION ALL
                            SELECT task_id, 'recordings', count(*), sum(version)
                            FROM recording WHERE task_id IN (<ids>) GROUP BY task_id
                            UNION ALL
                            SELECT id, 'title ' || title, 0, 0 FROM task WHERE id IN (<ids>) AND title <> ''
                            ORDER BY task_id, what
                            """)
                    .bindList("ids", List.copyOf(ids))
                    .map((row, ctx) -> Map.entry(
                            row.getString("task_id"),
                            row.getString("what") + row.getLong("parts") + ":" + row.getLong("changes")))
                    .forEach(each -> versions.merge(each.getKey(), each.getValue(), String::concat));
        }
        return versions;
    }

    @Override
    public void delete(String id) {
        handle.createUpdate("DELETE FROM task WHERE id = :id").bind("id", id).execute();
    }
}
