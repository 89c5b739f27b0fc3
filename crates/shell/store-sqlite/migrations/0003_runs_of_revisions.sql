-- How many runs follow each revision is counted from this alone.
CREATE INDEX run_by_revision ON run (workspace, process, revision);
