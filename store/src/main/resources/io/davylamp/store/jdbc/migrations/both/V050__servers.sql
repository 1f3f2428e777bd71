-- The servers that share this database: core's ServerRow. A row is one run of one server.
CREATE TABLE server (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    http_address TEXT NOT NULL,
    agent_address TEXT NOT NULL,
    settings TEXT NOT NULL,
    clock_ahead BIGINT NOT NULL,
    started BIGINT NOT NULL,
    heard BIGINT NOT NULL
);
