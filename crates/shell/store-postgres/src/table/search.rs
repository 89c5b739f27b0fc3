//! What a search looks through: the texts, and their words with the place and weight of each, which
//! PostgreSQL indexes as they are: it never splits a text itself.

use super::{Columns, Query, WORKSPACE, all};
use crate::connection::Op;
use crate::session::Session;
use gemba_store::search::words;
use gemba_store::{Error, SearchFilter, SearchRow};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const WROTE: &str = "wrote the search index";

const PUT: &str = "INSERT INTO searched (workspace, kind, id, title, lines, text, words)
    VALUES ($1, $2, $3, $4, $5, $6, CAST($7::text AS tsvector))
    ON CONFLICT (workspace, kind, id) DO UPDATE SET title = excluded.title,
        lines = excluded.lines, text = excluded.text, words = excluded.words";
const DELETE: &str = "DELETE FROM searched WHERE workspace = $1 AND kind = $2 AND id = $3";
const CLEAR: &str = "DELETE FROM searched WHERE workspace = $1";

/// What PostgreSQL stores of a document: places up to this one (later words are all at it), so many
/// places of one word, and so many bytes in all, of which some are left for what it adds.
const LAST_PLACE: usize = 16_383;
const PLACES: usize = 255;
const MOST_BYTES: usize = 900_000;

/// The words as PostgreSQL writes them down. They are letters and digits alone and stand in quotes.
fn vector(row: &SearchRow) -> String {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut place, mut bytes) = (0, 0);
    for (text, weight) in [(&row.title, "A"), (&row.lines, "B"), (&row.text, "")] {
        for word in words(text) {
            place = LAST_PLACE.min(place + 1);
            // A place takes two bytes, a word its letters and four bytes.
            bytes += 2 + if found.contains_key(&word.folded) { 0 } else { word.folded.len() + 4 };
            if bytes > MOST_BYTES {
                break;
            }
            let places = found.entry(word.folded).or_default();
            if places.len() < PLACES {
                places.push(format!("{place}{weight}"));
            }
        }
        // Words of two parts are never in a row.
        place = LAST_PLACE.min(place + 1);
    }
    found.iter().fold(String::new(), |mut out, (word, places)| {
        // Writing to a string cannot fail.
        let _written = write!(out, "'{word}':{} ", places.join(","));
        out
    })
}

/// PostgreSQL keeps no text with a NUL in it.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Writes what can be found, instead of what was there under its id.
pub(crate) async fn put(session: &mut Session, row: &SearchRow) -> Result<(), Error> {
    session.op(WROTE, put_op(row)).await
}

/// What writes it.
pub(crate) fn put_op(row: &SearchRow) -> Op {
    let values = vec![
        WORKSPACE.into(),
        row.kind.as_str().into(),
        row.id.as_str().into(),
        storable(&row.title).into(),
        storable(&row.lines).into(),
        storable(&row.text).into(),
        vector(row).into(),
    ];
    Op::Write { sql: PUT, values, expect: None }
}

/// Takes something out.
pub(crate) async fn delete(session: &mut Session, kind: &str, id: &str) -> Result<(), Error> {
    session.write(WROTE, DELETE, vec![WORKSPACE.into(), kind.into(), id.into()]).await
}

/// Takes everything out.
pub(crate) async fn clear(session: &mut Session) -> Result<(), Error> {
    session.write(WROTE, CLEAR, vec![WORKSPACE.into()]).await
}

/// The words as PostgreSQL reads a question: each as the beginning of a word, several in a row where
/// they were written as one.
fn question(filter: &SearchFilter) -> String {
    let one = |word: &Vec<String>| {
        let parts: Vec<String> = word.iter().map(|part| format!("'{part}'")).collect();
        format!("({}:*)", parts.join(" <-> "))
    };
    filter.words.iter().map(one).collect::<Vec<_>>().join(" & ")
}

/// The query of a search. The weights are those of the text, of nothing, of the titles within and of
/// the title.
fn query(filter: &SearchFilter) -> Query {
    let mut query =
        Query::of("SELECT kind, id, title, lines, text FROM searched WHERE workspace = $1");
    query.and(" AND words @@ CAST(?::text AS tsquery)", question(filter));
    if !filter.kinds.is_empty() {
        query.and(" AND kind = ANY(?)", filter.kinds.clone());
    }
    query.sql.push_str(
        " ORDER BY ts_rank('{0.1, 0.1, 0.4, 1}', words, CAST($2::text AS tsquery)) DESC, kind, id",
    );
    query.and(" LIMIT ?", i64::from(filter.limit));
    query.and(" OFFSET ?", i64::from(filter.offset));
    query
}

/// What has all the words, the best first.
pub(crate) async fn search(
    session: &mut Session,
    filter: &SearchFilter,
) -> Result<Vec<SearchRow>, Error> {
    if filter.words.is_empty() {
        return Ok(Vec::new());
    }
    let query = query(filter);
    all("search index", &session.rows("searched", query.sql, query.values).await?, read)
}

pub(super) fn read(row: &Columns<'_>) -> Result<SearchRow, Error> {
    Ok(SearchRow {
        kind: row.get(0)?,
        id: row.get(1)?,
        title: row.get(2)?,
        lines: row.get(3)?,
        text: row.get(4)?,
    })
}
