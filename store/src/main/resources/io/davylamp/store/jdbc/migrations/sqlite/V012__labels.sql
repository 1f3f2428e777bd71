-- What people say of an instance to tell it from others: core's Labels.
ALTER TABLE instance ADD COLUMN labels TEXT NOT NULL DEFAULT '';
