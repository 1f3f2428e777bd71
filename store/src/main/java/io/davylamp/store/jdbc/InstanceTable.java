package io.davylamp.store.jdbc;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Instances. Of one transaction, in which it is used by one thread. */
record InstanceTable(Handle handle) implements InstanceRows {
    private static final RowMapper<Instance> ROW = (row, ctx) -> new Instance(
            row.getString("id"),
            row.getString("service"),
            row.getString("name"),
            Texts.map(row.getString("properties")),
            new Labels(Texts.map(row.getString("labels"))),
            new Unable(row.getString("unable_code"), row.getString("unable")),
            row.getString("life"),
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
                        INSERT INTO instance (id, service, name, properties, labels, unable, unable_code, life, reports, lacks, unsure,
                          max_seconds, trust_wanted, first_seen, last_seen)
                        VALUES (:id, :service, :name, :properties, :labels, :unable, :unableCode, :life, :reports, :lacks, :unsure,
                          :maxSeconds, :trustWanted, :firstSeen, :lastSeen)
                        ON CONFLICT (id) DO UPDATE SET properties = excluded.properties, labels = excluded.labels,
                          unable = excluded.unable, unable_code = excluded.unable_code,
                          life = excluded.life, reports = excluded.reports, lacks = excluded.lacks,
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
                .bind("reports", instance.abilities().reports() ? 1 : 0)
                .bind("lacks", Texts.of(instance.abilities().lacks()))
                .bind("unsure", Texts.of(instance.abilities().unsure()))
                .bind("maxSeconds", instance.abilities().maxSeconds())
                .bind("trustWanted", instance.trustMillis())
                .bind("firstSeen", instance.firstSeenMillis())
                .bind("lastSeen", instance.lastSeenMillis())
                .execute();
    }

    @Override
    public void seen(String id, long nowMillis) {
        handle.createUpdate("UPDATE instance SET last_seen = :now WHERE id = :id AND last_seen < :now")
                .bind("now", nowMillis)
                .bind("id", id)
                .execute();
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
