-- What a search looks through. `searched` has the texts as they are shown; `searched_words` has their
-- words as the port folds them and keeps no text of its own.

CREATE TABLE searched (
    n         INTEGER NOT NULL PRIMARY KEY,
    workspace INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    lines     TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    UNIQUE (workspace, kind, id)
) STRICT;

CREATE VIRTUAL TABLE searched_words USING fts5 (
    title, lines, text,
    content = '',
    contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'",
    prefix = '2 3 4'
);
