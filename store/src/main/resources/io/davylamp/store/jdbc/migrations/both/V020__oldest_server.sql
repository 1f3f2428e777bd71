-- The oldest schema (by the number of its last migration) whose servers can still work with this one: a migration that takes away
-- what an older server uses raises it, and such a server refuses to start.
CREATE TABLE oldest_server (schema_version BIGINT NOT NULL);
INSERT INTO oldest_server (schema_version) VALUES (20);
