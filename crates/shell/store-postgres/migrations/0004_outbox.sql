-- The outbox: what is on its way out of the house, written in the transaction of the act that it tells
-- of. What is due is found by an index that holds only what waits.
CREATE TABLE delivery (
    workspace BIGINT NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    channel   TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    state     TEXT COLLATE "C" NOT NULL,
    due       BIGINT,
    tries     BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX delivery_by_due ON delivery (workspace, due, id) WHERE due IS NOT NULL;
CREATE INDEX delivery_by_channel ON delivery (workspace, channel, id);
CREATE INDEX delivery_by_state ON delivery (workspace, state, id);
