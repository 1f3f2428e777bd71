-- What really took the samples, and what is worth knowing of an assignment that went on.
ALTER TABLE assignment ADD COLUMN engine TEXT NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- From a list of words to words with reasons; agents say theirs again when they come.
UPDATE instance SET lacks = '';
