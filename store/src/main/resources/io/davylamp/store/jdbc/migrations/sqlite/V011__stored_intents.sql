-- When somebody wanted the profiling to end early; 0 while nobody does.
ALTER TABLE assignment ADD COLUMN stop_wanted INTEGER NOT NULL DEFAULT 0;
-- When somebody wanted the instance profiled again although JVMs died; 0 when its agent knows, or nobody did.
ALTER TABLE instance ADD COLUMN trust_wanted INTEGER NOT NULL DEFAULT 0;
