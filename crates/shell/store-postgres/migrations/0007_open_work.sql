-- What waits is little beside what was ever done. Each list of it has an index that holds nothing else,
-- so that it costs the same after ten million runs as after ten, and a step moves fewer entries.
DROP INDEX item_by_seat;
DROP INDEX item_by_process;
DROP INDEX item_by_state;
DROP INDEX item_done;
CREATE INDEX item_open_by_seat ON item (workspace, seat, id)
    WHERE state IN ('open', 'claimed', 'waiting');
CREATE INDEX item_open_by_process ON item (workspace, process, id)
    WHERE state IN ('open', 'claimed', 'waiting');
CREATE INDEX item_open ON item (workspace, id)
    WHERE state IN ('open', 'claimed', 'waiting');
CREATE INDEX item_closed_by_seat ON item (workspace, seat, id)
    WHERE state NOT IN ('open', 'claimed', 'waiting');
CREATE INDEX item_closed_by_process ON item (workspace, process, id)
    WHERE state NOT IN ('open', 'claimed', 'waiting');
-- Nearly all that is closed was done; what was not is found by itself.
CREATE INDEX item_undone ON item (workspace, state, id)
    WHERE state NOT IN ('open', 'claimed', 'waiting', 'done');
-- A row that is written again finds room beside itself.
ALTER TABLE item SET (fillfactor = 80);
ALTER TABLE run SET (fillfactor = 70);

-- How often each step and branch was done and how long it took: counted when it is written instead of
-- when it is asked for. A branch that was none is ''.
CREATE TABLE step_count (
    workspace BIGINT NOT NULL,
    process   TEXT COLLATE "C" NOT NULL,
    step      TEXT COLLATE "C" NOT NULL,
    branch    TEXT COLLATE "C" NOT NULL,
    is_branch BOOLEAN NOT NULL,
    n         BIGINT NOT NULL,
    total_us  BIGINT NOT NULL,
    max_us    BIGINT NOT NULL,
    PRIMARY KEY (workspace, process, step, branch, is_branch)
) WITH (fillfactor = 50);
INSERT INTO step_count
    SELECT workspace, process, step, coalesce(branch, ''), branch IS NOT NULL, count(*),
        sum(closed - opened), greatest(0, max(closed - opened))
    FROM item WHERE state = 'done' AND closed IS NOT NULL
    GROUP BY workspace, process, step, branch;

-- How many runs of each process and revision are in each state.
DROP INDEX run_by_revision;
CREATE TABLE run_count (
    workspace BIGINT NOT NULL,
    process   TEXT COLLATE "C" NOT NULL,
    revision  TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (workspace, process, revision, state)
) WITH (fillfactor = 50);
INSERT INTO run_count
    SELECT workspace, process, revision, state, count(*) FROM run
    GROUP BY workspace, process, revision, state;
