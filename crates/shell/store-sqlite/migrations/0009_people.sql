-- Who does a work item for its seat, how urgent its run is, and until when it was put aside. Few of all
-- that ever were are given to a person, so those alone are in the index.
ALTER TABLE item ADD COLUMN delegate TEXT;
ALTER TABLE item ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE item ADD COLUMN follow_up INTEGER;
CREATE INDEX item_by_delegate ON item (workspace, delegate, state, id) WHERE delegate IS NOT NULL;
