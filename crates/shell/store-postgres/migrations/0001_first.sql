-- What Gemba keeps. Times are microseconds since 1970 in UTC; ids are their text form, which sorts
-- by the time they were made. `workspace` leads every key, so that the tables can be divided by it;
-- no key, no join and no constraint crosses it. Text is compared by its bytes ("C"), as ids, keys and
-- pages are in every other store, whatever the database was made with.

CREATE TABLE record (
    workspace BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (workspace, kind, id)
);

CREATE TABLE record_key (
    workspace BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    is_unique BOOLEAN NOT NULL,
    PRIMARY KEY (workspace, kind, name, value, id)
);
CREATE INDEX record_key_by_record ON record_key (workspace, kind, id);
CREATE UNIQUE INDEX record_key_unique ON record_key (workspace, kind, name, value) WHERE is_unique;

CREATE TABLE run (
    workspace BIGINT NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    process   TEXT COLLATE "C" NOT NULL,
    revision  TEXT COLLATE "C" NOT NULL,
    number    BIGINT NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    started   BIGINT NOT NULL,
    ended     BIGINT,
    n_events  BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX run_by_process ON run (workspace, process, id);
CREATE INDEX run_by_process_and_state ON run (workspace, process, state, id);
CREATE INDEX run_by_state ON run (workspace, state, id);
CREATE INDEX run_by_number ON run (workspace, process, number);
CREATE INDEX run_by_revision ON run (workspace, process, revision);

CREATE TABLE event (
    workspace BIGINT NOT NULL,
    run       TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (workspace, run, seq)
);

CREATE TABLE item (
    workspace BIGINT NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    run       TEXT COLLATE "C" NOT NULL,
    process   TEXT COLLATE "C" NOT NULL,
    step      TEXT COLLATE "C" NOT NULL,
    visit     BIGINT NOT NULL,
    seat      TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    opened    BIGINT NOT NULL,
    closed    BIGINT,
    branch    TEXT COLLATE "C",
    holder    TEXT,
    PRIMARY KEY (workspace, id)
);
-- What still waits is little beside what was ever done, so each list of it has an index of its own.
CREATE INDEX item_by_seat ON item (workspace, seat, state, id);
CREATE INDEX item_by_run ON item (workspace, run, id);
CREATE INDEX item_by_process ON item (workspace, process, state, id);
CREATE INDEX item_by_state ON item (workspace, state, id);
CREATE INDEX item_done ON item (workspace, process, step, branch, opened, closed)
    WHERE state = 'done' AND closed IS NOT NULL;

CREATE TABLE occurrence (
    workspace BIGINT NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    due       BIGINT NOT NULL,
    civil     TEXT   NOT NULL,
    run       TEXT COLLATE "C",
    reason    TEXT,
    handled   BIGINT NOT NULL,
    PRIMARY KEY (workspace, "trigger", due)
);

CREATE TABLE measured (
    workspace  BIGINT NOT NULL,
    measurable TEXT COLLATE "C" NOT NULL,
    period     TEXT COLLATE "C" NOT NULL,
    value      DOUBLE PRECISION NOT NULL,
    at         BIGINT NOT NULL,
    pushed_by  TEXT   NOT NULL,
    PRIMARY KEY (workspace, measurable, period)
);

CREATE TABLE audit (
    workspace BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    action    TEXT   NOT NULL,
    subject   TEXT COLLATE "C" NOT NULL,
    detail    TEXT   NOT NULL,
    PRIMARY KEY (workspace, seq)
);
CREATE INDEX audit_by_subject ON audit (workspace, subject, seq);

CREATE TABLE file (
    workspace BIGINT NOT NULL,
    digest    TEXT COLLATE "C" NOT NULL,
    bytes     BYTEA  NOT NULL,
    PRIMARY KEY (workspace, digest)
);

-- What a search looks through: the texts as they are shown, and their words as the port folds them.
CREATE TABLE searched (
    workspace BIGINT NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    title     TEXT NOT NULL,
    lines     TEXT NOT NULL,
    text      TEXT NOT NULL,
    words     TSVECTOR NOT NULL,
    PRIMARY KEY (workspace, kind, id)
);
CREATE INDEX searched_words ON searched USING gin (words);
