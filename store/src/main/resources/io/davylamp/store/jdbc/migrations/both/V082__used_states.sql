-- Sign-ins at an identity provider that came back, as hashes, so that no server takes one again: core's SignInStates.
CREATE TABLE used_state (
    hash ${text} PRIMARY KEY,
    ends BIGINT NOT NULL
);
