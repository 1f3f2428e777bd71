-- Which reason `unable` is, for programs; empty where the agent said none.
ALTER TABLE instance ADD COLUMN unable_code TEXT NOT NULL DEFAULT '';
