-- What an instance may not be able to record: core's Abilities.
ALTER TABLE instance ADD COLUMN unsure TEXT NOT NULL DEFAULT '';
