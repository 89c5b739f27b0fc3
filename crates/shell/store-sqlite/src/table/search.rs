//! What a search looks through: the texts in one table, their words in an index of SQLite's FTS5.

use super::{Query, WORKSPACE};
use crate::fault::failed;
use gemba_store::search::folded;
use gemba_store::{Error, SearchFilter, SearchRow};
use rusqlite::{Connection, OptionalExtension, Row};

const WHAT: &str = "search index";
const WROTE: &str = "wrote the search index";

pub(super) const PLACE: &str =
    "SELECT n FROM searched WHERE workspace = ?1 AND kind = ?2 AND id = ?3";

fn place(conn: &Connection, kind: &str, id: &str) -> rusqlite::Result<Option<i64>> {
    let key = (WORKSPACE, kind, id);
    conn.prepare_cached(PLACE)?.query_row(key, |row| row.get(0)).optional()
}

/// Writes what can be found, instead of what was there under its id.
pub(crate) fn put(conn: &Connection, row: &SearchRow) -> Result<(), Error> {
    let write = || -> rusqlite::Result<()> {
        let texts = [&row.title, &row.lines, &row.text].map(|text| folded(text));
        let [title, lines, text] = &texts;
        let known = place(conn, &row.kind, &row.id)?;
        let sql = "INSERT INTO searched (n, workspace, kind, id, title, lines, text)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (n) DO UPDATE SET title = excluded.title, lines = excluded.lines,
                text = excluded.text
            RETURNING n";
        let shown = (known, WORKSPACE, &row.kind, &row.id, &row.title, &row.lines, &row.text);
        let n: i64 = conn.prepare_cached(sql)?.query_row(shown, |row| row.get(0))?;
        if known.is_some() {
            conn.prepare_cached("DELETE FROM searched_words WHERE rowid = ?1")?.execute((n,))?;
        }
        let sql = "INSERT INTO searched_words (rowid, title, lines, text) VALUES (?1, ?2, ?3, ?4)";
        conn.prepare_cached(sql)?.execute((n, title, lines, text)).map(|_| ())
    };
    write().map_err(failed(WHAT, WROTE))
}

/// Takes something out.
pub(crate) fn delete(conn: &Connection, kind: &str, id: &str) -> Result<(), Error> {
    let delete = || -> rusqlite::Result<()> {
        if let Some(n) = place(conn, kind, id)? {
            conn.prepare_cached("DELETE FROM searched WHERE n = ?1")?.execute((n,))?;
            conn.prepare_cached("DELETE FROM searched_words WHERE rowid = ?1")?.execute((n,))?;
        }
        Ok(())
    };
    delete().map_err(failed(WHAT, WROTE))
}

/// Takes everything out.
pub(crate) fn clear(conn: &Connection) -> Result<(), Error> {
    let sql = "DELETE FROM searched;
        INSERT INTO searched_words (searched_words) VALUES ('delete-all');";
    conn.execute_batch(sql).map_err(failed(WHAT, WROTE))
}

/// The words as FTS5 reads a question. They are letters and digits alone and stand in quotes, so none
/// of them can be an operator.
fn question(filter: &SearchFilter) -> String {
    let words = filter.words.iter().map(|word| format!("\"{}\"*", word.join(" ")));
    words.collect::<Vec<_>>().join(" ")
}

/// The query of a search. FTS5 sorts by `rank` on its own and gives the rows one by one, so only
/// those of the page are read; the cross join keeps SQLite from beginning with the other table.
pub(super) fn query(filter: &SearchFilter) -> Query {
    let mut query = Query::of(
        "SELECT s.kind, s.id, s.title, s.lines, s.text
        FROM searched_words CROSS JOIN searched s ON s.n = searched_words.rowid
        WHERE s.workspace = ?",
    );
    query.and(" AND searched_words MATCH ?", question(filter));
    query.and(" AND rank MATCH ?", "bm25(10.0, 4.0, 1.0)".to_owned());
    if !filter.kinds.is_empty() {
        query.one_of("s.kind", filter.kinds.iter().map(String::as_str));
    }
    query.and(" ORDER BY rank LIMIT ?", i64::from(filter.limit));
    query.and(" OFFSET ?", i64::from(filter.offset));
    query
}

/// What has all the words, the best first.
pub(crate) fn search(conn: &Connection, filter: &SearchFilter) -> Result<Vec<SearchRow>, Error> {
    if filter.words.is_empty() {
        return Ok(Vec::new());
    }
    let read = |row: &Row<'_>| {
        Ok(SearchRow {
            kind: row.get(0)?,
            id: row.get(1)?,
            title: row.get(2)?,
            lines: row.get(3)?,
            text: row.get(4)?,
        })
    };
    query(filter).all(conn, read).map_err(failed(WHAT, "searched"))
}
