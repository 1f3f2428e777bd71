package io.davylamp.store.jdbc;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Place;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.instance.Wanted;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/** Instances. Of one transaction, in which it is used by one thread. */
record InstanceTable(Handle handle) implements InstanceRows {
    /** How many instances one statement is about. */
    private static final int[] SIZES = {1, 10, 100, 1_000, 5_000};

    private static final String SEEN =
            "UPDATE instance SET last_seen = v.column2 FROM (VALUES ROWS) AS v WHERE id = v.column1 AND last_seen < v.column2";

    private static final RowMapper<Instance> ROW = (row, ctx) -> new Instance(
            row.getString("id"),
            row.getString("service"),
            row.getString("name"),
            Texts.map(row.getString("properties")),
            new Labels(Texts.map(row.getString("labels"))),
            new Unable(row.getString("unable_code"), row.getString("unable")),
            row.getString("life"),
            row.getString("link"),
            new Abilities(
                    row.getInt("reports") == 1,
                    Texts.map(row.getString("lacks")),
                    Texts.map(row.getString("unsure")),
                    row.getInt("max_seconds")),
            row.getLong("trust_wanted"),
            row.getLong("first_seen"),
            row.getLong("last_seen"));

    @Override
    public void put(Instance instance) {
        handle.createUpdate("""
                        INSERT INTO instance (id, service, name, properties, labels, unable, unable_code, life, link, host, reports, lacks, unsure,
                          max_seconds, trust_wanted, first_seen, last_seen)
                        VALUES (:id, :service, :name, :properties, :labels, :unable, :unableCode, :life, :link, :host, :reports, :lacks, :unsure,
                          :maxSeconds, :trustWanted, :firstSeen, :lastSeen)
                        ON CONFLICT (id) DO UPDATE SET properties = excluded.properties, labels = excluded.labels,
                          unable = excluded.unable, unable_code = excluded.unable_code,
                          life = excluded.life, link = excluded.link, host = excluded.host, reports = excluded.reports, lacks = excluded.lacks,
                          unsure = excluded.unsure, max_seconds = excluded.max_seconds,
                          trust_wanted = excluded.trust_wanted, last_seen = excluded.last_seen
                        """)
                .bind("id", instance.id())
                .bind("service", instance.service())
                .bind("name", instance.name())
                .bind("properties", Texts.of(instance.properties()))
                .bind("labels", Texts.of(instance.labels().values()))
                .bind("unable", instance.unable().reason())
                .bind("unableCode", instance.unable().code())
                .bind("life", instance.life())
                .bind("link", instance.link())
                .bind("host", Place.of(instance).host())
                .bind("reports", instance.abilities().reports() ? 1 : 0)
                .bind("lacks", Texts.of(instance.abilities().lacks()))
                .bind("unsure", Texts.of(instance.abilities().unsure()))
                .bind("maxSeconds", instance.abilities().maxSeconds())
                .bind("trustWanted", instance.trustMillis())
                .bind("firstSeen", instance.firstSeenMillis())
                .bind("lastSeen", instance.lastSeenMillis())
                .execute();
    }

    /** In few statements of few sizes, so that the database need not learn a new one each time. */
    @Override
    public void seen(Map<String, Long> millisById) {
        List<Map.Entry<String, Long>> all = List.copyOf(millisById.entrySet());
        for (int done = 0; done < all.size(); ) {
            int left = all.size() - done;
            int size = Arrays.stream(SIZES)
                    .filter(each -> each >= left)
                    .findFirst()
                    .orElse(SIZES[SIZES.length - 1]);
            try (Update update = handle.createUpdate(
                    SEEN.replace("ROWS", ", (?, ?)".repeat(size).substring(2)))) {
                for (int i = 0; i < size; i++) {
                    // The rest of the statement says the last one again.
                    Map.Entry<String, Long> each = all.get(Math.min(done + i, all.size() - 1));
                    update.bind(2 * i, each.getKey()).bind(2 * i + 1, each.getValue());
                }
                update.execute();
            }
            done += size;
        }
    }

    @Override
    public void unlink(Collection<String> links) {
        if (!links.isEmpty()) {
            handle.createUpdate("UPDATE instance SET link = '' WHERE link IN (<links>)")
                    .bindList("links", List.copyOf(links))
                    .execute();
        }
    }

    @Override
    public List<Instance> byIds(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : handle.createQuery("SELECT * FROM instance WHERE id IN (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .map(ROW)
                        .list();
    }

    @Override
    public Optional<Instance> byLink(String link) {
        return handle.createQuery("SELECT * FROM instance WHERE link = :link AND link <> ''")
                .bind("link", link)
                .map(ROW)
                .findFirst();
    }

    @Override
    public List<Instance> onHosts(Collection<String> hosts, long sinceMillis) {
        return hosts.isEmpty()
                ? List.of()
                : handle.createQuery(
                                "SELECT * FROM instance WHERE host IN (<hosts>) AND host <> '' AND last_seen >= :since")
                        .bindList("hosts", List.copyOf(hosts))
                        .bind("since", sinceMillis)
                        .map(ROW)
                        .list();
    }

    /** The deadline is in the index, and never before the end of the window. */
    @Override
    public List<Wanted> wanted(long sinceMillis) {
        return handle.createQuery("""
                        SELECT a.instance_id AS instance, 'OFFER' AS kind, a.id AS assignment, 0 AS trust FROM assignment a
                        WHERE a.state = 'PENDING' AND NOT EXISTS (SELECT 1 FROM assignment b
                          WHERE b.instance_id = a.instance_id AND b.state IN ('OFFERED', 'ACCEPTED', 'RUNNING', 'RECEIVING'))
                        UNION ALL
                        SELECT a.instance_id, 'STOP', a.id, 0 FROM assignment a
                        WHERE a.state IN ('ACCEPTED', 'RUNNING') AND a.stop_wanted > 0
                        UNION ALL
                        SELECT a.instance_id, 'CANCEL', a.id, 0 FROM assignment a
                        WHERE a.state = 'CANCELLED' AND a.deadline > :since AND a.window_end > :since AND a.life <> ''
                        UNION ALL
                        SELECT a.instance_id, 'RECEIPT', a.id, 0 FROM assignment a JOIN instance i ON i.id = a.instance_id
                        WHERE a.state IN ('OFFERED', 'ACCEPTED', 'RUNNING') AND a.stop_wanted = 0 AND i.reports = 0
                        UNION ALL
                        SELECT i.id, 'TRUST', '', i.trust_wanted FROM instance i WHERE i.trust_wanted > 0
                        """)
                .bind("since", sinceMillis)
                .map((row, ctx) -> {
                    Wanted.Kind kind = Wanted.Kind.valueOf(row.getString("kind"));
                    return new Wanted(
                            row.getString("instance"),
                            kind,
                            kind == Wanted.Kind.TRUST ? "" + row.getLong("trust") : row.getString("assignment"));
                })
                .list();
    }

    @Override
    public Optional<Instance> find(String service, String name) {
        return handle.createQuery("SELECT * FROM instance WHERE service = :service AND name = :name")
                .bind("service", service)
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Instance> byId(String id) {
        return handle.createQuery("SELECT * FROM instance WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Instance> ofService(String service) {
        return handle.createQuery("SELECT * FROM instance WHERE service = :service ORDER BY name")
                .bind("service", service)
                .map(ROW)
                .list();
    }

    @Override
    public List<Instance> all() {
        return handle.createQuery("SELECT * FROM instance ORDER BY service, name")
                .map(ROW)
                .list();
    }

    @Override
    public int count(String service) {
        return handle.createQuery("SELECT count(*) FROM instance WHERE service = :service")
                .bind("service", service)
                .mapTo(Integer.class)
                .one();
    }

    @Override
    public int count() {
        return handle.createQuery("SELECT count(*) FROM instance")
                .mapTo(Integer.class)
                .one();
    }

    @Override
    public int deleteUnseenSince(long millis) {
        return handle.createUpdate("""
                        DELETE FROM instance WHERE last_seen < :millis
                          AND NOT EXISTS (SELECT 1 FROM assignment WHERE instance_id = instance.id)
                        """).bind("millis", millis).execute();
    }
}
