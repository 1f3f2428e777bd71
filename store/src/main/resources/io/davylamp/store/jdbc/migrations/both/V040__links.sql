-- Which connection the agent of an instance has, and its host: core's Instance and Place. Agents say both again when they come.
ALTER TABLE instance ADD COLUMN link ${text} NOT NULL DEFAULT '';
ALTER TABLE instance ADD COLUMN host ${text} NOT NULL DEFAULT '';

CREATE INDEX instance_by_link ON instance (link) WHERE link <> '';
CREATE INDEX instance_by_host ON instance (host) WHERE host <> '';
CREATE INDEX instance_by_trust ON instance (trust_wanted) WHERE trust_wanted > 0;
