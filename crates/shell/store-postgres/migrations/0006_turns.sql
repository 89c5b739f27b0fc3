-- How often somebody wrote: counted on with each group, under the lock. Who finds the number that it left
-- itself knows that nobody wrote since.
CREATE TABLE turn (
    workspace BIGINT NOT NULL PRIMARY KEY,
    n         BIGINT NOT NULL
);
INSERT INTO turn (workspace, n) VALUES (1, 0);
