-- What became of an occurrence is said; those that were written before either started a run or none.
ALTER TABLE occurrence ADD COLUMN kind TEXT NOT NULL DEFAULT 'schedule';
ALTER TABLE occurrence ADD COLUMN state TEXT NOT NULL DEFAULT 'started';
ALTER TABLE occurrence ADD COLUMN cause TEXT;
ALTER TABLE occurrence ADD COLUMN detail TEXT;
UPDATE occurrence SET state = 'skipped' WHERE run IS NULL;

-- What is due next is found by this alone, however many occurrences are over.
CREATE INDEX occurrence_by_state ON occurrence (workspace, state, due);
CREATE INDEX occurrence_by_trigger_and_state ON occurrence (workspace, "trigger", state, due);
CREATE UNIQUE INDEX occurrence_by_cause ON occurrence (workspace, "trigger", cause)
    WHERE cause IS NOT NULL;
