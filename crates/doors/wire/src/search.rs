//! What a search finds.

use gemba_app::search::{Found, Hit, Piece};
use schemars::JsonSchema;
use serde::Serialize;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SearchPiece {
    /// The words as they stand in the text; plain text, not markup.
    pub text: String,
    /// Whether they were asked for.
    pub hit: bool,
}

impl From<&Piece> for SearchPiece {
    fn from(piece: &Piece) -> Self {
        Self { text: piece.text.clone(), hit: piece.hit }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SearchHit {
    /// What it is: `process`, `seat`, `run`.
    pub kind: String,
    /// Its name in addresses: the slug of a process or seat, the id of a run.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The function of a process, the holder of a seat, the process of a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub about: Option<String>,
    /// Where else the words stand; empty where all are in the title.
    pub excerpt: Vec<SearchPiece>,
}

impl From<&Hit> for SearchHit {
    fn from(hit: &Hit) -> Self {
        let (id, about) = match &hit.found {
            Found::Process { slug, function, .. } => (slug.clone(), function.clone()),
            Found::Seat { slug, holder } => (slug.clone(), holder.clone()),
            Found::Run { id, process, .. } => (id.to_string(), Some(process.clone())),
        };
        Self {
            kind: hit.found.kind().word().to_owned(),
            id,
            title: hit.title.iter().map(|piece| piece.text.as_str()).collect(),
            about,
            excerpt: hit.excerpt.iter().map(SearchPiece::from).collect(),
        }
    }
}
