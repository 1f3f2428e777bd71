-- What the agent of an instance can do: core's Abilities.
ALTER TABLE instance ADD COLUMN reports INTEGER NOT NULL DEFAULT 1;
ALTER TABLE instance ADD COLUMN lacks TEXT NOT NULL DEFAULT '';
ALTER TABLE instance ADD COLUMN max_seconds INTEGER NOT NULL DEFAULT 0;

-- Options as they were written by who asked, to be shown again; NULL when none were given.
ALTER TABLE task ADD COLUMN options_text TEXT;
