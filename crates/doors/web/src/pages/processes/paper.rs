//! What can be taken along: the document and the map as PDF, the map as PNG.

use super::one::download;
use crate::{
    refusal::Refusal,
    visit::{Answer, Visit},
};
use axum::extract::{Path, Query};
use gemba_app::{
    maps::Picture,
    prints::{self, Paper},
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    paper: String,
}

impl Asked {
    fn paper(&self) -> Result<Paper, Refusal> {
        if self.paper.is_empty() {
            return Ok(Paper::default());
        }
        let unknown = || Refusal::BadForm(format!("{} is no paper: a4, a3 or letter.", self.paper));
        Paper::of_word(&self.paper).ok_or_else(unknown)
    }
}

pub(super) async fn document(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let bytes = prints::document(&visit.app, &visit.who, &slug, asked.paper()?).await?;
    Ok(download(&format!("{slug}.pdf"), "application/pdf", bytes))
}

pub(super) async fn map_pdf(
    visit: Visit,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, who, paper) = (&visit.app, &visit.who, asked.paper()?);
    let bytes = prints::map_pdf(app, who, &slug, &Picture::Plain, paper, None).await?;
    Ok(download(&format!("{slug}-map.pdf"), "application/pdf", bytes))
}

pub(super) async fn map_png(visit: Visit, Path(slug): Path<String>) -> Answer {
    let bytes = prints::map_png(&visit.app, &visit.who, &slug, &Picture::Plain).await?;
    Ok(download(&format!("{slug}.png"), "image/png", bytes))
}
