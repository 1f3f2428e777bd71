-- The title that a person gave a task; empty while nobody did.
ALTER TABLE task ADD COLUMN title ${text} NOT NULL DEFAULT '';
