-- When something happens to a run by itself, and by when a work item must be done. Few runs of all that
-- ever were wait for a moment, so those alone are in the index.
ALTER TABLE run ADD COLUMN wake BIGINT;
CREATE INDEX run_by_wake ON run (workspace, wake, id) WHERE wake IS NOT NULL;
ALTER TABLE item ADD COLUMN due BIGINT;
