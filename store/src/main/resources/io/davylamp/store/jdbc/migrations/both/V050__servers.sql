-- The servers that share this database: core's ServerRow. A row is one run of one server.
CREATE TABLE server (
    id ${text} PRIMARY KEY,
    name ${text} NOT NULL,
    version ${text} NOT NULL,
    http_address ${text} NOT NULL,
    agent_address ${text} NOT NULL,
    settings ${text} NOT NULL,
    clock_ahead BIGINT NOT NULL,
    started BIGINT NOT NULL,
    heard BIGINT NOT NULL
);
