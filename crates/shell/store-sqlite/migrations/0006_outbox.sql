-- The outbox: what is on its way out of the house, written in the transaction of the act that it tells
-- of. What is due is found by an index that holds only what waits.
CREATE TABLE delivery (
    workspace INTEGER NOT NULL,
    id        TEXT    NOT NULL,
    channel   TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    due       INTEGER,
    tries     INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_by_due ON delivery (workspace, due, id) WHERE due IS NOT NULL;
CREATE INDEX delivery_by_channel ON delivery (workspace, channel, id);
CREATE INDEX delivery_by_state ON delivery (workspace, state, id);
