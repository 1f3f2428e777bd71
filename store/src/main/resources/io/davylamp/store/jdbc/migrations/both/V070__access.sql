-- Who may do what: core's User, Session, Token and AuditEntry. Secrets are here as hashes only.
CREATE TABLE local_user (
    name ${text} PRIMARY KEY,
    password_hash ${text} NOT NULL,
    grants ${text} NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE web_session (
    hash ${text} PRIMARY KEY,
    issuer ${text} NOT NULL,
    subject ${text} NOT NULL,
    name ${text} NOT NULL,
    groups_text ${text} NOT NULL,
    created BIGINT NOT NULL,
    used BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE TABLE token (
    id ${text} PRIMARY KEY,
    hash ${text} NOT NULL UNIQUE,
    name ${text} NOT NULL UNIQUE,
    kind ${text} NOT NULL,
    grants ${text} NOT NULL,
    author_id ${text} NOT NULL,
    author_name ${text} NOT NULL,
    created BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    used BIGINT NOT NULL
);

-- It refers to nothing: history outlives what it names.
CREATE TABLE audit (
    id ${text} PRIMARY KEY,
    at BIGINT NOT NULL,
    kind ${text} NOT NULL,
    who ${text} NOT NULL,
    name ${text} NOT NULL,
    address ${text} NOT NULL,
    action ${text} NOT NULL,
    service ${text} NOT NULL,
    instances ${text} NOT NULL,
    subject ${text} NOT NULL,
    result ${text} NOT NULL,
    detail ${text} NOT NULL
);

CREATE INDEX audit_by_at ON audit (at);

ALTER TABLE task ADD COLUMN author_id ${text} NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN author_name ${text} NOT NULL DEFAULT '';
-- Who opened a file; empty for recordings of tasks.
ALTER TABLE recording ADD COLUMN owner ${text} NOT NULL DEFAULT '';
