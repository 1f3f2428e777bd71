-- Codes with which command lines sign in, as hashes, for a minute: core's LoginCode.
CREATE TABLE login_code (
    hash ${text} PRIMARY KEY,
    challenge ${text} NOT NULL,
    session_hash ${text} NOT NULL,
    ends BIGINT NOT NULL
);
