-- What waits is little beside what was ever done. Each list of it has an index that holds nothing else,
-- so that it costs the same after ten million runs as after ten, and a step moves fewer entries. For
-- `IN` with three words SQLite would make a table of them each time a row is written.
DROP INDEX item_by_seat;
DROP INDEX item_by_process;
DROP INDEX item_by_state;
DROP INDEX item_done;
CREATE INDEX item_open_by_seat ON item (workspace, seat, id)
    WHERE state = 'open' OR state = 'claimed' OR state = 'waiting';
CREATE INDEX item_open_by_process ON item (workspace, process, id)
    WHERE state = 'open' OR state = 'claimed' OR state = 'waiting';
CREATE INDEX item_open ON item (workspace, id)
    WHERE state = 'open' OR state = 'claimed' OR state = 'waiting';
CREATE INDEX item_closed_by_seat ON item (workspace, seat, id)
    WHERE state <> 'open' AND state <> 'claimed' AND state <> 'waiting';
CREATE INDEX item_closed_by_process ON item (workspace, process, id)
    WHERE state <> 'open' AND state <> 'claimed' AND state <> 'waiting';
-- Nearly all that is closed was done; what was not is found by itself.
CREATE INDEX item_undone ON item (workspace, state, id)
    WHERE state <> 'open' AND state <> 'claimed' AND state <> 'waiting' AND state <> 'done';

-- How often each step and branch was done and how long it took: counted when it is written instead of
-- when it is asked for. A branch that was none is ''.
CREATE TABLE step_count (
    workspace INTEGER NOT NULL,
    process   TEXT    NOT NULL,
    step      TEXT    NOT NULL,
    branch    TEXT    NOT NULL,
    is_branch INTEGER NOT NULL CHECK (is_branch IN (0, 1)),
    n         INTEGER NOT NULL,
    total_us  INTEGER NOT NULL,
    max_us    INTEGER NOT NULL,
    PRIMARY KEY (workspace, process, step, branch, is_branch)
) STRICT, WITHOUT ROWID;
INSERT INTO step_count
    SELECT workspace, process, step, ifnull(branch, ''), branch IS NOT NULL, count(*),
        sum(closed - opened), max(0, max(closed - opened))
    FROM item WHERE state = 'done' AND closed IS NOT NULL
    GROUP BY workspace, process, step, branch;

-- How many runs of each process and revision are in each state.
DROP INDEX run_by_revision;
CREATE TABLE run_count (
    workspace INTEGER NOT NULL,
    process   TEXT    NOT NULL,
    revision  TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (workspace, process, revision, state)
) STRICT, WITHOUT ROWID;
INSERT INTO run_count
    SELECT workspace, process, revision, state, count(*) FROM run
    GROUP BY workspace, process, revision, state;
