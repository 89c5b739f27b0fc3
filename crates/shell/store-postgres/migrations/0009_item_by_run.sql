-- Work items of a run are found by the run alone. With the id behind it the index looked to PostgreSQL, as
-- long as it knew nothing of the table, as good for finding one item as the primary key, and was then read
-- from its beginning to its end.
DROP INDEX item_by_run;
CREATE INDEX item_by_run ON item (workspace, run);
