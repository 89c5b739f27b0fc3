-- What Gemba keeps. Times are microseconds since 1970 in UTC; ids are their text form, which sorts
-- by the time they were made. `workspace` leads every key so that the data can be divided by it.

CREATE TABLE record (
    workspace INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    PRIMARY KEY (workspace, kind, id)
) STRICT;

-- No foreign key: SQLite would look for the keys of a removed record by reading those of all records
-- of its kind.
CREATE TABLE record_key (
    workspace INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    is_unique INTEGER NOT NULL CHECK (is_unique IN (0, 1)),
    PRIMARY KEY (workspace, kind, name, value, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_key_by_record ON record_key (workspace, kind, id);
CREATE UNIQUE INDEX record_key_unique ON record_key (workspace, kind, name, value)
    WHERE is_unique = 1;

CREATE TABLE run (
    workspace INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    process   TEXT    NOT NULL,
    revision  TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    state     TEXT    NOT NULL,
    started   INTEGER NOT NULL,
    ended     INTEGER,
    n_events  INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT;
CREATE INDEX run_by_process ON run (workspace, process, id);
CREATE INDEX run_by_process_and_state ON run (workspace, process, state, id);
CREATE INDEX run_by_state ON run (workspace, state, id);
CREATE INDEX run_by_number ON run (workspace, process, number);

CREATE TABLE event (
    workspace INTEGER NOT NULL,
    run       TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    PRIMARY KEY (workspace, run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    workspace INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    run       TEXT    NOT NULL,
    process   TEXT    NOT NULL,
    step      TEXT    NOT NULL,
    visit     INTEGER NOT NULL,
    seat      TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    opened    INTEGER NOT NULL,
    closed    INTEGER,
    branch    TEXT,
    holder    TEXT,
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_by_seat ON item (workspace, seat, state, id);
CREATE INDEX item_by_run ON item (workspace, run, id);
CREATE INDEX item_by_process ON item (workspace, process, state, id);
CREATE INDEX item_by_state ON item (workspace, state, id);
-- The statistics of a process are read from this index alone.
CREATE INDEX item_done ON item (workspace, process, step, branch, opened, closed)
    WHERE state = 'done' AND closed IS NOT NULL;

CREATE TABLE occurrence (
    workspace INTEGER NOT NULL,
    "trigger" TEXT    NOT NULL,
    due       INTEGER NOT NULL,
    civil     TEXT    NOT NULL,
    run       TEXT,
    reason    TEXT,
    handled   INTEGER NOT NULL,
    PRIMARY KEY (workspace, "trigger", due)
) STRICT, WITHOUT ROWID;

CREATE TABLE measured (
    workspace  INTEGER NOT NULL,
    measurable TEXT    NOT NULL,
    period     TEXT    NOT NULL,
    value      REAL    NOT NULL,
    at         INTEGER NOT NULL,
    pushed_by  TEXT    NOT NULL,
    PRIMARY KEY (workspace, measurable, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    workspace INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    detail    TEXT    NOT NULL,
    PRIMARY KEY (workspace, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_subject ON audit (workspace, subject, seq);

CREATE TABLE file (
    workspace INTEGER NOT NULL,
    digest    TEXT    NOT NULL,
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (workspace, digest)
) STRICT;
