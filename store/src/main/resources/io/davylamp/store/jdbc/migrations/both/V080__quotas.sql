-- What people used of their limits: core's QuotaUse. It refers to nothing: deleting a task or a file frees nothing.
CREATE TABLE quota_use (
    id ${text} PRIMARY KEY,
    who ${text} NOT NULL,
    kind ${text} NOT NULL,
    at BIGINT NOT NULL,
    amount BIGINT NOT NULL
);

CREATE INDEX quota_use_by_who ON quota_use (who, kind, at);
CREATE INDEX quota_use_by_at ON quota_use (at);
