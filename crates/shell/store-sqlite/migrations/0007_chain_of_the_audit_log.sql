-- Each line of the audit log carries the hash of itself and of the hash of the line before it. The lines
-- written so far are chained as they are by what follows this step. The table is only added to: nothing
-- changes a line, takes one out, or puts one before the last.
ALTER TABLE audit RENAME TO unchained;
DROP INDEX audit_by_subject;
CREATE TABLE audit (
    workspace INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    detail    TEXT    NOT NULL,
    hash      TEXT    NOT NULL,
    PRIMARY KEY (workspace, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_subject ON audit (workspace, subject, seq);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- `INSERT OR REPLACE` takes a line out without asking the trigger above.
CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
WHEN NEW.seq <= (SELECT max(seq) FROM audit WHERE workspace = NEW.workspace)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;

-- The history of runs is only added to as well.
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the history of runs is only added to'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the history of runs is only added to'); END;
